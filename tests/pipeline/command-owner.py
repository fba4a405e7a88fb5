"""Root types commands about a state that is another user's: they are done as that user, and leave nothing of root's."""
import os
import shutil
import subprocess
import tempfile

from town import BUILD, Town, comment, main

OWNER = 65534  # nobody
STRANGER = 65533
PROCESSES = ("connect", "escalate", "ingest", "score", "search", "store", "trend")


def inside(folder):
    for top, folders, files in os.walk(folder):
        for name in [".", *folders, *files]:
            yield os.path.join(top, name)


def start_as_owner(town):
    """The whole town is nobody's, with programs that nobody can reach."""
    os.mkdir(town.path("bin"))
    for source in ["tocsin/tocsin"] + [f"{p}/tocsin-{p}" for p in PROCESSES]:
        shutil.copy(os.path.join(BUILD, "src", source), town.path("bin"))
    for path in inside(town.folder):
        os.lchown(path, OWNER, OWNER)
    env = {**os.environ, "LC_ALL": "fr_FR.UTF-8", "TOCSIN_LIBEXEC": town.path("bin")}
    with open(town.path("log.txt"), "ab") as log:
        town.process = subprocess.Popen(
            [town.path("bin", "tocsin"), "run", "--config", town.path("tocsin.yaml")], cwd=town.folder, env=env,
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, user=OWNER, group=OWNER, extra_groups=[])
    town.wait_for(lambda: "tout tourne" in town.log(), 30, "everything to run")


def scenario(ok):
    silence = ("silence", "whole", "--for", "1h", "--who", "x", "--reason", "y")
    with Town(sources="  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n") as town:
        town.comments("site.jsonl", [comment(i, f"message {i}", "a", i) for i in range(5)])
        code, out, err = town.run(*silence)
        ok(code == 1 and "lancez « tocsin run »" in err, "not running: said", err)
        ok(not os.path.exists(town.path("run")), "and no folder is made")
        if os.geteuid() != 0:
            return ok.skip("only root can give files away")
        start_as_owner(town)
        town.wait_for(lambda: town.committed() == 5, 20, "5 commits")
        code, out, err = town.run(*silence)
        ok(code == 0, "root changes something", err)
        code, out, err = town.run("backup", town.path("copy"))
        ok(code == 0, "root saves", err)
        closed = tempfile.mkdtemp()
        try:
            code, out, err = town.run("backup", os.path.join(closed, "copy"))
            ok(code == 1 and "Permission denied" in err, "where the owner may not write: refused", err)
        finally:
            shutil.rmtree(closed)
        code, out, err = town.run("verify")
        ok(code == 0, "root reads", out + err)
        for path in town.folder, town.path("bin"), town.path("bin", "tocsin"):
            os.chmod(path, 0o755)
        os.chmod(town.path("tocsin.yaml"), 0o644)
        for words in (("queue",), ("status",), ("ack", "1", "--who", "x"), ("user", "list")):
            done = subprocess.run([town.path("bin", "tocsin"), *words, "--config", town.path("tocsin.yaml")], user=STRANGER,
                                  group=STRANGER, extra_groups=[], capture_output=True, text=True, timeout=60,
                                  env={**os.environ, "LC_ALL": "fr_FR.UTF-8"})
            ok(done.returncode == 1 and "accès refusé" in done.stderr and "sudo -u nobody tocsin" in done.stderr,
               f"a stranger's {words[0]}: refused, and who may", done.stdout + done.stderr)
        ok(town.stop() == 0, "it ends well")
        code, out, err = town.run("run")
        ok(code == 1 and "appartient à l'utilisateur nobody" in err, "root does not run over another's state", err)
        code, out, err = town.run("verify")
        ok(code == 0, "root reads, while nothing runs", out + err)
        strangers = [p for p in inside(town.path("state")) if os.lstat(p).st_uid != OWNER]
        ok(not strangers, "no file of root's in the state", strangers)
        strangers = [p for p in inside(town.path("copy")) if os.lstat(p).st_uid != OWNER]
        ok(not strangers, "nor in the copy", strangers)


main(scenario)
