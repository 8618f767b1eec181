"""Workers and the broker."""

from config.celery import app


def test_a_worker_waits_for_nothing_but_tasks() -> None:
    """It would wait for ever for remote commands, once Redis was away: see the settings."""
    assert app.conf.worker_enable_remote_control is False
    assert app.conf.broker_transport_options["socket_timeout"] == 10
