"""Who may do what; what is not written here is refused, and what is new fails until it is.

A line names a URL, its methods and who may call it. The words:

    anybody         everybody, signed in or not; at a socket, every authenticated actor
    staff           agents, supervisors and administrators
    supervisors     supervisors and administrators
    administrators  administrators alone
    owner           the one agent whose own it is: his chat, his notification
    victor          the visitor whose conversation it is
    visitors        holders of a visitor's token of this widget
    x:read x:write  an API key with this scope, with both when joined by +
                    (chats of its own: a person's do not exist for it)
    nobody          callers with a signed link, token or signature alone, which the matrix lacks
"""

URLS = """
# Entrance and operation
home                                GET POST PUT PATCH DELETE  anybody
login                               GET POST PUT  anybody
logout                              POST          anybody
favicon                             GET           anybody
health-live                         GET           anybody
health-ready                        GET           anybody
metrics                             GET           anybody
api-schema                          GET           anybody
api-docs                            GET           anybody
unknown                             -             nobody

# Pages
navigation                          GET           staff
notifications                       GET           staff
conversations:inbox                 GET           staff
conversations:rows                  GET           staff
conversations:markdown              POST          staff
conversations:conversation          GET           staff
conversations:floor                 GET           staff
conversations:tools                 GET           staff
conversations:details               GET           staff
conversations:messages              GET           staff
conversations:message               GET           staff
conversations:file                  -             nobody
whatsapp-webhook                    -             nobody
chats:chats                         GET           staff
chats:usage                         GET           supervisors
chats:list                          GET           staff
chats:history                       GET           staff
chats:reasoning                     GET           staff
chats:chat                          GET           owner
chats:head                          GET           owner
chats:messages                      GET           owner
chats:message                       GET           owner
chats:approvals                     GET           staff
chats:approval-rows                 GET           staff
chats:approval                      GET           staff
chats:tool-result                   GET           staff
tickets:tickets                     GET           staff
tickets:rows                        GET           staff
tickets:ticket                      GET           staff
tickets:parts                       GET           staff
tickets:earlier                     GET           staff
tickets:panel                       GET           staff

# The widget
widget:loader                       GET           anybody
widget:demo                         GET           anybody
widget:frame                        GET           anybody
widget:accent                       GET           anybody
widget:session                      POST          anybody
widget:session                      DELETE        visitors
widget:conversations                POST          visitors
widget:messages                     GET POST      victor
widget:attachments                  POST          victor
widget:escalate                     POST          victor
widget:withdraw                     POST          victor
widget:end                          POST          victor
widget:cancel                       POST          victor

# REST: conversations
api-conversations                   GET           staff conversations:read
api-conversations                   POST          staff conversations:write
api-conversation                    GET           staff conversations:read
api-messages                        GET           staff conversations:read
api-messages                        POST          staff conversations:write
api-resend                          POST          staff conversations:write
api-conversation-templates          GET           staff conversations:read
api-customer-messages               POST          conversations:write
api-join                            POST          staff
api-accept                          POST          staff
api-release                         POST          staff conversations:write
api-end                             POST          staff conversations:write
api-reopen                          POST          staff conversations:write
api-switch                          PUT           staff conversations:write
api-variables                       GET           staff conversations:read
api-variables                       PUT           staff conversations:write
api-conversation-events             GET           staff conversations:read
api-usage                           GET           staff conversations:read
api-usage-totals                    GET           supervisors usage:read
api-budgets                         GET           staff usage:read
api-budgets                         POST          administrators usage:write
api-budget                          GET           staff usage:read
api-budget                          PATCH DELETE  administrators usage:write
api-attachments                     POST          staff conversations:write
api-retry                           POST          staff conversations:write
api-contact-conversations           GET           staff conversations:read

# REST: runs and tool calls
api-run                             GET           staff conversations:read
api-cancel                          POST          staff conversations:write
api-regenerate                      POST          staff conversations:write
api-tool-calls                      GET           staff conversations:read
api-tool-call                       GET           staff conversations:read
api-approve                         POST          staff conversations:write
api-deny                            POST          staff conversations:write
api-check                           POST          staff conversations:write

# REST: contacts
api-contacts                        GET           staff contacts:read
api-contact                         GET           staff contacts:read
api-contact                         PATCH         staff contacts:write
api-block                           POST          staff contacts:write
api-unblock                         POST          staff contacts:write

# REST: chats
api-chats                           GET           staff chats:read
api-chats                           POST          staff chats:write
api-chat                            GET PATCH DELETE  owner
api-chat-messages                   GET POST      owner
api-question                        PATCH         owner

# REST: tickets
api-tickets                         GET           staff tickets:read
api-tickets                         POST          staff tickets:write
api-ticket                          GET           staff tickets:read
api-ticket                          PATCH         staff tickets:write
api-ticket-comments                 GET           staff tickets:read
api-ticket-comments                 POST          staff tickets:write
api-ticket-link                     POST          staff tickets:write
api-ticket-unlink                   POST          staff tickets:write
api-conversation-tickets            GET           staff tickets:read+conversations:read
api-ticket-proposal                 POST          staff tickets:write+conversations:read

# REST: configuration and people
api-assistants                      GET           staff assistants:read
api-assistants                      POST          administrators assistants:write
api-assistant                       GET           staff assistants:read
api-assistant                       PATCH DELETE  administrators assistants:write
api-tools                           GET           staff assistants:read
api-articles                        GET           staff assistants:read
api-articles                        POST          administrators assistants:write
api-article                         GET           staff assistants:read
api-article                         PATCH DELETE  administrators assistants:write
api-sources                         GET           staff sources:read
api-sources                         POST          administrators sources:write
api-source                          GET           staff sources:read
api-source                          PATCH DELETE  administrators sources:write
api-senders                         GET           staff sources:read
api-sender-sync                     POST          administrators sources:write
api-agents                          GET           staff agents:read
api-agent                           GET           staff agents:read
api-agent                           PATCH         administrators agents:write
api-own-agent                       GET PATCH     staff
api-notifications                   GET           staff
api-notifications-read              POST          staff
api-notification-read               POST          owner
events                              GET           staff events:read
"""

TOPICS = """
conversation    staff victor conversations:read
inbox           staff conversations:read
approvals       staff conversations:read
ticket          staff tickets:read
tickets         staff tickets:read
user            owner
"""

FRAMES = """
hello           nobody
ping            anybody
follow          staff victor conversations:read
unfollow        anybody
typing          staff victor conversations:read conversations:write
viewing         staff
read            staff victor
"""


def urls() -> dict[tuple[str, str], frozenset[str]]:
    """Return who may call which URL with which method."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for name, *words in _lines(URLS):
        methods = [word for word in words if word.isupper()]
        who = frozenset(word for word in words if not word.isupper() and word != "-")
        for method in methods:
            assert (name, method) not in found, f"{name} {method} stands there twice."
            found[name, method] = who
    return found


def url_names() -> set[str]:
    """Return the names of the URLs in the table."""
    return {line[0] for line in _lines(URLS)}


def topics() -> dict[str, frozenset[str]]:
    """Return who may follow which topic."""
    return {name: frozenset(words) for name, *words in _lines(TOPICS)}


def frames() -> dict[str, frozenset[str]]:
    """Return whose frame of which type is accepted."""
    return {name: frozenset(words) for name, *words in _lines(FRAMES)}


def _lines(text: str) -> list[list[str]]:
    lines = (line.partition("#")[0].split() for line in text.splitlines())
    return [line for line in lines if line]
