"""What ``matchday serve mcp`` refuses before it serves."""

import sys

import pytest

from matchday.cli import main


def refused(capsys, *options):
    """Run the command; answers its one line."""
    with pytest.raises(SystemExit) as left:
        main(["serve", "mcp", *options])
    out, err = capsys.readouterr()
    assert left.value.code == 2 and not out and err.count("\n") == 1
    return err


@pytest.mark.parametrize("options", [[], ["--http", "--port", "0"]])
def test_without_mcp_it_says_how_to_get_it(capsys, monkeypatch, options):
    monkeypatch.setitem(sys.modules, "mcp_types", None)
    assert "version 2 of mcp is not installed; pip install 'matchday[mcp]' brings it." in refused(capsys, *options)


@pytest.mark.parametrize("options", [["--port", "8000"], ["--host", "127.0.0.1"]])
def test_an_address_is_for_http_alone(capsys, options):
    assert "--host and --port are for HTTP; add --http" in refused(capsys, *options)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::"])
def test_an_address_that_others_can_reach_needs_a_token(capsys, host):
    assert "others can reach it; give a --token" in refused(capsys, "--http", "--host", host)
