"""Wordings: how servers say what they refuse."""

import re

REFUSING = re.compile(
    r"un(supported|recogni[sz]ed|known|expected)|not (be )?(supported|permitted|allowed|valid|"
    r"recogni[sz]ed|enabled|available|accepted|compatible|implemented)|(does|do)"
    r"(n['\u2019]t| not) support|"
    r"extra(neous| (inputs?|fields?|keys?))|invalid|deprecated|only (the )?(default|support)|"
    r"cannot (be|both)|can(not|['\u2019]t) (be )?(used?|specif|set)|must (not )?(be|have|define)|"
    r"no longer|"
    r"cannot find field|requires|drop_params|no endpoints|out of range|range|less than",
    re.I,
)
"""That something is not taken."""

PASSING = re.compile(
    r"overload|at the moment|right now|temporar|try again (later|in \d|shortly|soon)|"
    r"too many requests|rate of requests|request rate|rate[ _]limit|spending|billing|credits?\b|"
    r"quota|(at|over|out of) capacity|moderat",
    re.I,
)
"""That it is about this moment, or this account, rather than the model."""

UNKNOWN_MODEL = re.compile(
    r"model[^.]{0,80}(does not exist|not (be )?found|no such|not available|not loaded|is not valid|"
    r"not a valid model|decommissioned|deprecated)|(invalid|unknown|no such) model|"
    r"model_not_found|pull(ing)? (it|the model) first",
    re.I,
)
"""That there is no such model."""

TOO_LONG = re.compile(
    r"context[ _-]?(length|size|window|limit)|maximum (context|prompt|input|sequence)|n_ctx|"
    r"prompt (is )?too (long|large)|(input|prompt|request|body|payload|entity|message)s? "
    r"(is |are )?(too (long|large)|longer than)|too many (input |prompt |total )?tokens|"
    r"token (count|limit)|tokens? exceed|number of tokens|exceeds? (the )?(maximum|model|max)\b"
    r"[^.]{0,60}tokens|"
    r"reduce (the|your) (length|prompt|input|number of tokens|messages?|context)|"
    r"`?inputs`? (tokens|must have)|max_(seq|model)_len|input length|shorter input|_context_",
    re.I,
)
"""That a request is too long for the model."""

SURELY_TOO_LONG = re.compile(
    r"(input|prompt|request)[^.]{0,20} (is )?too long|exceeds? the (available )?context|"
    r"reduce (the|your) (length|number of tokens)|maximum context length|context_length_exceeded|"
    r"context (length|window|size) (is |was )?exceeded",
    re.I,
)
"""The same, in words that mean nothing else."""

ANSWER_TOO_LONG = re.compile(
    r"max_?(completion_?|output_?|new_?)?tokens|max(imum)? (output |completion )?tokens|"
    r"(output|completion) tokens",
    re.I,
)
"""That the answer may not be so long."""

TOO_HIGH = re.compile(
    r"too (large|high|big|many)|exceed|at most|maximum|less than|<=|≤|range|> ?\d|limit|between|"
    r"greater than",
    re.I,
)
"""That a value is too high."""

CONTEXT = re.compile(
    r"(maximum|model's) (context|prompt)|context length is|context_length_exceeded|context size|"
    r"in the (messages|completion)|input tokens|max_new_tokens|input messages",
    re.I,
)
"""That the request and its answer are too long together."""

ROLES = re.compile(
    r"(system|developer)\W{0,3} ?(role|message|prompt|instruction)s?[^.]{0,40}"
    r"(not|unsupported|un?enabled)|\brole\b[^.]{0,30}(system|developer)[^.]{0,40}"
    r"(not|invalid|unknown)|"
    r"support '?\"?(system|developer)\b|role[^.]{0,60}(user|assistant)['\"]?[^.]{0,20} only|"
    r"only (the )?['\"]?user['\"]?[^.]{0,20}assistant|alternat(e|ing)|"
    r"roles? (should|have to) alternate|"
    r"(unexpected|invalid|unknown|unsupported) (message )?role",
    re.I,
)
"""That a role is not known, or in the wrong place."""

SYSTEMLESS = re.compile(
    r"roles? (must|should be|have to|should) alternat|system role not supported|"
    r"only user(,| and) [^.]{0,20}(roles|assistant)",
    re.I,
)
"""What chat templates say of it, which some servers report as a fault of theirs."""

PICTURES = re.compile(
    r"\bimages?\b|image_url|\bvision\b|multi-?modal|mmproj|visual|content type|"
    r"(must|should) be a (valid )?string|unknown variant|pixel",
    re.I,
)
"""That it is about images."""

BLIND = re.compile(
    r"(do|does)(n['\u2019]t| not) (support|accept|have|process) [^.]{0,20}"
    r"(image|vision|visual|multi-?modal)|"
    r"(image|vision|multi-?modal)( \w+){0,2} (is|are) not (supported|enabled|allowed|available)|"
    r"image_url is only supported|unknown variant|must be a (valid )?string|not a multi-?modal|"
    r"mmproj|missing data required for image|at most 0 image|no endpoints found that support image|"
    r"can(not|['\u2019]t) (read|see) (images|pictures)|text-only",
    re.I,
)
"""That no image is taken, rather than this one."""

CALLING = re.compile(
    r"\btools?\b|function[ _-]?call|tool[ _-]?(choice|use|calling)|--jinja|\bfunctions?\b", re.I
)
"""That it is about tools."""

TOOLLESS = re.compile(
    r"(do|does)(n['\u2019]t| not) support ['`\"]?(tools?\b|functions\b|(tool|function)[ _-]?call|"
    r"tool[ _-](use|choice))|"
    r"(\btools?|(tool|function)[ _-]?calling|tool use|functions)['`\"]? (is|are) not "
    r"(supported|enabled|allowed|implemented|available (for|with|on) this model)|"
    r"tool choice requires|tools? param requires|--jinja|no endpoints found that support tool",
    re.I,
)
"""That no tools are taken, in words that mean nothing else."""

STREAMED_CALLS = re.compile(r"(tools?|function)[^.]{0,40}(stream)", re.I)
"""That tools go without a stream alone."""

SCHEMA = re.compile(
    r"schema|function_declarations?|functiondeclaration|toolspec|tools?[.\[/]\S*(parameters|input)|"
    r"parameters\b.{0,40}propert|for (STRING|OBJECT) type",
    re.I,
)
"""That it is about the schema of a tool's arguments."""

KNOWN = re.compile(
    "|".join(
        (
            *(TOOLLESS.pattern, BLIND.pattern, SYSTEMLESS.pattern, SURELY_TOO_LONG.pattern),
            r"unsupported (parameter|value):? \W?\w|unrecognized request arguments? supplied",
            r"['\"`]\w+['\"`] is not supported|n_ctx",
        )
    ),
    re.I,
)
"""Refusals that mean the same whatever the status they come with."""
