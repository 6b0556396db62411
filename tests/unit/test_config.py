"""Where the configuration comes from, and what it refuses."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from survey.config import Config, ConfigurationError, is_loopback, with_local_keys


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_addresses_are_recognised(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "survey.example", ""])
def test_everything_else_can_be_reached_from_outside(host):
    assert not is_loopback(host)


def test_local_keys_are_made_once_and_only_the_owner_reads_them(tmp_path):
    config = Config.from_environment({"SURVEY_FOLDER": str(tmp_path / "var")})
    first = with_local_keys(config)
    assert with_local_keys(config) == first
    assert len(first.secret) >= 32
    assert first.secret != first.desk_token
    for name in ("secret", "desk-token"):
        assert stat.S_IMODE((tmp_path / "var" / name).stat().st_mode) == 0o600


def test_an_empty_key_file_is_named(tmp_path):
    (tmp_path / "secret").write_text("")
    with pytest.raises(ConfigurationError, match=str(tmp_path / "secret")):
        with_local_keys(Config.from_environment({"SURVEY_FOLDER": str(tmp_path)}))


def test_servers_that_start_at_the_same_moment_have_the_same_keys(tmp_path):
    config = Config.from_environment({"SURVEY_FOLDER": str(tmp_path)})
    with ThreadPoolExecutor(16) as starting:
        made = set(starting.map(lambda _: with_local_keys(config), range(64)))
    assert made == {with_local_keys(config)}
    assert sorted(file.name for file in tmp_path.iterdir()) == ["desk-token", "secret"]


def test_a_configured_secret_is_never_replaced(tmp_path):
    configured = Config.from_environment({"SURVEY_FOLDER": str(tmp_path), "SURVEY_SECRET": "s" * 40})
    assert with_local_keys(configured).secret == "s" * 40
    assert not (tmp_path / "secret").exists()


@pytest.mark.parametrize("told", ["https://survey.example", "https://survey.example/"])
def test_the_public_address_has_no_slash_at_its_end(told):
    assert Config.from_environment({"SURVEY_ADDRESS": told}).address == "https://survey.example"
    assert Config.from_environment({}).address is None


@pytest.mark.parametrize("told", ["survey.example", "https://", "ftp://survey.example", "https://survey.example?a"])
def test_a_public_address_that_is_none_is_named(told):
    with pytest.raises(ConfigurationError, match="SURVEY_ADDRESS"):
        Config.from_environment({"SURVEY_ADDRESS": told})
