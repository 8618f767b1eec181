"""Texts: how models write tool calls where nothing turns them into calls."""

from collections.abc import Callable, Sequence

import orjson

from tests.fakes.model_servers.script import ToolCall

Writing = Callable[[Sequence[ToolCall]], str]
BAR, GAP = "\uff5c", "\u2581"
"""The signs of DeepSeek's markers, which look like others."""


def _json(call: ToolCall, arguments: str = "arguments") -> str:
    return orjson.dumps({"name": call.name, arguments: call.arguments}).decode()


def _plain(call: ToolCall) -> str:
    return orjson.dumps(call.arguments).decode()


def _xml(call: ToolCall) -> str:
    parameters = "".join(
        f"<parameter={name}>\n{value}\n</parameter>\n" for name, value in call.arguments.items()
    )
    return f"<tool_call>\n<function={call.name}>\n{parameters}</function>\n</tool_call>"


def _glm(call: ToolCall) -> str:
    pairs = "".join(
        f"<arg_key>{name}</arg_key>\n<arg_value>{value}</arg_value>\n"
        for name, value in call.arguments.items()
    )
    return f"<tool_call>{call.name}\n{pairs}</tool_call>"


def _kimi(at: int, call: ToolCall) -> str:
    head = f"<|tool_call_begin|>functions.{call.name}:{at}<|tool_call_argument_begin|>"
    return f"{head}{_plain(call)}<|tool_call_end|>"


def _deepseek(call: ToolCall) -> str:
    head = f"<{BAR}tool{GAP}call{GAP}begin{BAR}>function<{BAR}tool{GAP}sep{BAR}>{call.name}"
    return f"{head}\n```json\n{_plain(call)}\n```<{BAR}tool{GAP}call{GAP}end{BAR}>"


def _harmony(call: ToolCall) -> str:
    head = f"<|start|>assistant<|channel|>commentary to=functions.{call.name}"
    return f"{head} <|constrain|>json<|message|>{_plain(call)}<|call|>"


def _pythonic(call: ToolCall) -> str:
    return f"{call.name}({', '.join(f'{k}={v!r}' for k, v in call.arguments.items())})"


TEXTS: dict[str, Writing] = {
    "bare JSON": lambda calls: "\n".join(map(_json, calls)),
    "bare JSON with parameters": lambda calls: "\n".join(_json(c, "parameters") for c in calls),
    "a list in JSON": lambda calls: f"[{', '.join(map(_json, calls))}]",
    "a fence": lambda calls: "\n".join(f"```json\n{_json(c)}\n```" for c in calls),
    "Hermes and Qwen": lambda calls: "\n".join(
        f"<tool_call>\n{_json(c)}\n</tool_call>" for c in calls
    ),
    "Qwen3-Coder": lambda calls: "\n".join(map(_xml, calls)),
    "Llama functions": lambda calls: "".join(
        f"<function={c.name}>{_plain(c)}</function>" for c in calls
    ),
    "Llama 3.1": lambda calls: "<|python_tag|>" + "; ".join(_json(c, "parameters") for c in calls),
    "Mistral": lambda calls: f"[TOOL_CALLS] [{', '.join(map(_json, calls))}]",
    "Mistral since Magistral": lambda calls: "".join(
        f"[TOOL_CALLS]{c.name}[ARGS]{_plain(c)}" for c in calls
    ),
    "DeepSeek": lambda calls: (
        f"<{BAR}tool{GAP}calls{GAP}begin{BAR}>"
        + "".join(map(_deepseek, calls))
        + f"<{BAR}tool{GAP}calls{GAP}end{BAR}>"
    ),
    "GLM": lambda calls: "\n".join(map(_glm, calls)),
    "Kimi": lambda calls: (
        "<|tool_calls_section_begin|>"
        + "".join(_kimi(at, c) for at, c in enumerate(calls))
        + "<|tool_calls_section_end|>"
    ),
    "harmony": lambda calls: "".join(map(_harmony, calls)),
    "Phi": lambda calls: f"functools[{', '.join(map(_json, calls))}]",
    "Gemma": lambda calls: "```tool_code\n" + "\n".join(map(_pythonic, calls)) + "\n```",
    "Llama 4": lambda calls: f"[{', '.join(map(_pythonic, calls))}]",
}
"""The name of the form, and how it writes calls."""
