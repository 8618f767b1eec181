"""Quirks of models that write calls into their text where a server has no parser for them."""

from tests.chats.engine.reading.quirk_rows import CALL, LAMP, STOP, Quirk, stream
from tests.chats.engine.reading.streams import chunk, cut

_OBJECT = f'{{"name": "search_knowledge", "arguments": {CALL}}}'


def _written(server: str, quirk: str, text: str) -> Quirk:
    """Return the row of a call that ``server`` leaves in the text behind an answer."""
    pieces = [chunk({"content": piece}) for piece in cut(f"Yes.\n\n{text}", 4)]
    return Quirk(server=server, quirk=quirk, data=stream(*pieces, STOP), calls=LAMP)


QUIRKS_OF_CALLS = [
    _written("Llama 3", "a call in Python as the last paragraph", 'search_knowledge(query="lamp")'),
    _written(
        "Llama 4",
        "a call in Python between its own marks",
        '<|python_start|>[search_knowledge(query="lamp")]<|python_end|>',
    ),
    _written(
        "LM Studio",
        "`[TOOL_REQUEST]` and `[END_TOOL_REQUEST]` around a call",
        f"[TOOL_REQUEST]\n{_OBJECT}\n[END_TOOL_REQUEST]",
    ),
    _written("GLM-4", "the tool's name, and JSON in the next line", f"search_knowledge\n{CALL}"),
    _written("Kimi", "`functions.search:0` before JSON", f"functions.search_knowledge:0{CALL}"),
    _written(
        "Qwen-Agent",
        "`Action:` and `Action Input:`",
        f"Action: search_knowledge\nAction Input: {CALL}\nObservation:",
    ),
    _written(
        "LangChain's prompts",
        "an object of `thought`, `action` and `action_input`",
        f'{{"thought": "hm", "action": "search_knowledge", "action_input": {CALL}}}',
    ),
    _written(
        "FunctionGemma",
        "`<start_function_call>`, and `<escape>` as quotation marks",
        "<start_function_call>call:search_knowledge{query:<escape>lamp<escape>}<end_function_call>",
    ),
    _written(
        "Gemma 4",
        "the same with marks of its own",
        '<|tool_call>call:search_knowledge{query:<|"|>lamp<|"|>}<tool_call|>',
    ),
    _written(
        "Gemma 3",
        "`<tool_code>` around a call in Python",
        '<tool_code>search_knowledge(query="lamp")</tool_code>',
    ),
    _written(
        "Cline's prompts",
        "a tag that is named as the tool, with a tag for each argument",
        "<search_knowledge><query>lamp</query></search_knowledge>",
    ),
    _written(
        "Step",
        "`<steptml:invoke>`",
        '<steptml:invoke name="search_knowledge"><steptml:parameter name="query">lamp'
        "</steptml:parameter></steptml:invoke>",
    ),
    _written(
        "Seed",
        "`<seed:tool_call>`",
        "<seed:tool_call><function=search_knowledge><parameter=query>lamp</parameter></function>"
        "</seed:tool_call>",
    ),
    _written(
        "Apertus",
        "its marks for tools",
        f'<|tools_prefix|>[{{"search_knowledge": {CALL}}}]<|tools_suffix|>',
    ),
    _written(
        "InternLM",
        "its marks for actions",
        f"<|action_start|><|plugin|>\n{_OBJECT}<|action_end|>",
    ),
    _written(
        "gpt-oss",
        "a channel whose marks were taken away",
        f"commentary to=functions.search_knowledge json{CALL}",
    ),
    _written(
        "any model", "a call in a fence of another sign or length", f"~~~json\n{_OBJECT}\n~~~"
    ),
    _written(
        "any model",
        "a call in YAML",
        "```yaml\nname: search_knowledge\narguments:\n  query: lamp\n```",
    ),
    _written(
        "any model",
        "an object without quotation marks around its keys",
        "{name: 'search_knowledge', arguments: {query: 'lamp'}}",
    ),
    _written("any model", "an object with escaped quotation marks", _OBJECT.replace('"', '\\"')),
    _written("any model", "`Tool call:` before a call", f"Tool call: {_OBJECT}"),
    _written("any model", "a call in brackets", f"[Calling tool search_knowledge with {CALL}]"),
    _written("any model", "a closing tag too much", f"{_OBJECT}\n</tool_call>"),
    _written("any model", "the tool's name in capitals", _OBJECT.replace("search", "SEARCH")),
]
