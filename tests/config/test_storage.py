"""Where files lie: a folder unless ``STORAGE_URL`` says otherwise."""

import pytest

from config.settings import base


@pytest.mark.parametrize(
    ("url", "backend", "options"),
    [
        ("", "FileSystemStorage", {}),
        ("file:///srv/files", "FileSystemStorage", {"location": "/srv/files"}),
        (
            "s3://parley-files/",
            "S3Storage",
            {"bucket_name": "parley-files", "default_acl": None, "querystring_auth": True},
        ),
    ],
)
def test_storage_url_says_where(url: str, backend: str, options: dict[str, object]) -> None:
    storage = base._storage(url)
    assert storage["BACKEND"].endswith(f".{backend}")
    assert storage.get("OPTIONS", {}) == options
