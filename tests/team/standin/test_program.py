import signal
import socket
import subprocess
import sys
import time

import httpx2

from team.standin.server import listen

COMMAND = [sys.executable, "-m", "team.standin"]


def free_ports() -> list[int]:
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    ports = [one.getsockname()[1] for one in taken]
    for one in taken:
        one.close()
    return ports


def wait_for(url: str) -> httpx2.Response:
    for _ in range(600):
        try:
            return httpx2.get(url)
        except httpx2.ConnectError:
            time.sleep(0.02)  # a port that nobody has taken yet offers nothing to wait on
    raise AssertionError(url)


def test_the_program_serves_both_models_and_ends_when_told() -> None:
    ports = free_ports()
    with subprocess.Popen([*COMMAND, "--ports", *map(str, ports)], stderr=subprocess.PIPE, text=True) as program:
        wait_for(f"http://127.0.0.1:{ports[0]}/health")
        names = [httpx2.get(f"http://127.0.0.1:{port}/v1/models").json()["data"][0]["id"] for port in ports]
        program.send_signal(signal.SIGINT)
        told = program.communicate(timeout=5)[1]

    assert names == ["Qwen/Qwen3-VL-8B-Instruct", "Qwen/Qwen2.5-VL-7B-Instruct"]
    assert "Traceback" not in told
    assert program.returncode == 0


def test_a_taken_port_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [*COMMAND, "--ports", str(port), str(free_ports()[0])]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)

    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        f"Port {port} on 127.0.0.1 is taken: end the program that uses it, or choose another with --ports."
    ]


def test_a_small_reply_is_sent_at_once() -> None:
    with listen("127.0.0.1", 0) as taken, socket.create_connection(taken.getsockname()):
        connection, _ = taken.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
