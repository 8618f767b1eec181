/** Functions by which a test sees what a growing text shows. */
async () => {
  const { GrowingText } = await import("/static/conversations/growing.js");

  // Return the blocks of `place`: their names, sides and words, one paragraph in an item as its words.
  const outline = (place) => {
    const parts = [];
    for (const node of place.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) parts.push(node.data.trim());
      else if (node.matches("span")) parts.push(outline(node));
      else if (node.matches("li > p")) parts.push(outline(node));
      else if (node.matches("pre")) parts.push(`<pre>${node.textContent.trim()}</>`);
      else parts.push(`<${[node.localName, node.className, node.start ?? ""].join(" ").trim()}>${outline(node)}</>`);
    }
    return parts.filter(Boolean).join("");
  };
  // Return the names of the blocks around `node`.
  const blockOf = (node, place) => {
    const path = [];
    for (let one = node.parentNode; one !== place; one = one.parentNode) {
      if (!one.matches("strong, em, s, code, a, li > p")) path.unshift(one.localName);
    }
    return path.join(" ");
  };
  window.rendered = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    return outline(template.content);
  };
  // Return the words of HTML, and of a growing text.
  const wordsOf = (place) => place.textContent.replace(/\s+/g, "");
  window.renderedWords = (html) => {
    const place = document.createElement("div");
    place.innerHTML = html;
    return wordsOf(place);
  };
  window.grownWords = (text) => {
    const growing = new GrowingText();
    growing.show(text);
    return wordsOf(growing.element);
  };
  window.grown = (text) => {
    const growing = new GrowingText();
    growing.show(text);
    return outline(growing.element);
  };
  // Return the words that change the block they stand in, or show a mark, while `text` grows.
  window.unsteady = (text) => {
    const growing = new GrowingText();
    const [places, found] = [new Map(), new Set()];
    for (let end = 1; end <= text.length; end += 1) {
      growing.show(text.slice(0, end));
      const walker = document.createTreeWalker(growing.element, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const { data, parentNode } = walker.currentNode;
        if (!parentNode.closest("code") && /[|`#]|~~|\*\*|^\s*[-+*] /m.test(data)) found.add(data);
        for (const word of data.match(/\S{4,}/g) ?? []) {
          const at = blockOf(walker.currentNode, growing.element);
          if ((places.get(word) ?? at) !== at) found.add(`${word}: ${places.get(word)}, then ${at}`);
          places.set(word, at);
        }
      }
    }
    return [...found];
  };
}
