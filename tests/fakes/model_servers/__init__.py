"""A stand-in for model servers: each as strict and as odd as the real one.

``PROFILES`` is the table: a name, the kind of source from which the server's ways are known, its
quirks in words, how it writes (``Shape``) and what it refuses (``Rule``). ``model_servers`` runs
all of them behind one port; the name of the model says which one answers.
``tests/chats/engine/test_model_servers.py`` has a whole conversation with each;
``test_model_server_faults.py`` beside it has what any of them may do on top (``FAULTS``).
"""

from tests.fakes.model_servers.clouds import CLOUDS
from tests.fakes.model_servers.gateways import GATEWAYS
from tests.fakes.model_servers.hosted import HOSTED
from tests.fakes.model_servers.local import LOCAL
from tests.fakes.model_servers.profiles import Profile

PROFILES: dict[str, Profile] = {**HOSTED, **CLOUDS, **LOCAL, **GATEWAYS}
