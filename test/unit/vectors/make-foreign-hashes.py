"""Makes foreign-hashes.json anew: password hashes by the libraries that other systems make theirs with.

    python3 -m venv venv && venv/bin/pip install werkzeug django flask-bcrypt argon2-cffi
    apt-get install php-cli ruby-bcrypt
    venv/bin/python test/unit/vectors/make-foreign-hashes.py
    npm run format

Costs are mostly low, so that the tests are quick. Each library confirms what it takes and refuses by itself.
"""

import json
import subprocess
from importlib.metadata import version
from pathlib import Path

import argon2
import django
import flask_bcrypt
from django.conf import settings
from django.contrib.auth import hashers
from werkzeug import security

settings.configure()
django.setup()

HERE = Path(__file__).parent
PLAIN = "correct horse battery"
WORLD = "Grüße, Żółw und 東京 🗝️"
DECOMPOSED = "Cafe\u0301 A\u030angstro\u0308m"
COMPOSED = "Caf\u00e9 \u00c5ngstr\u00f6m"
LONG = "0123456789" * 10
# The 72nd byte is the first of the two of é, so what follows it is not read.
SPLIT = "x" * 71 + "é and more"

vectors = []


def add(scheme, made_by, password, hash, verify, right=(), wrong=()):
    """Adds a vector, once its own library has said of each password what the vector says."""
    wrong = [password[1:], "", *wrong]
    for text in [password, *right]:
        assert verify(hash, text), (scheme, text)
    for text in wrong:
        assert not verify(hash, text), (scheme, text)
    vectors.append(
        {"scheme": scheme, "madeBy": made_by, "hash": hash, "right": [password, *right], "wrong": wrong}
    )


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


PHP = "PHP " + run("php", "-r", "echo PHP_VERSION;")
RUBY = "Ruby bcrypt " + run("ruby", "-rbcrypt", "-e", "print Gem.loaded_specs['bcrypt'].version")


def php_verify(hash, password):
    return run("php", "-r", "echo password_verify($argv[1], $argv[2]) ? 1 : 0;", "--", password, hash) == "1"


def php_bcrypt(password, cost):
    code = "echo password_hash($argv[1], PASSWORD_BCRYPT, ['cost' => (int) $argv[2]]);"
    return run("php", "-r", code, "--", password, str(cost))


def php_argon2id(password, m, t, p):
    code = (
        "echo password_hash($argv[1], PASSWORD_ARGON2ID, "
        "['memory_cost' => (int) $argv[2], 'time_cost' => (int) $argv[3], 'threads' => (int) $argv[4]]);"
    )
    return run("php", "-r", code, "--", password, str(m), str(t), str(p))


def ruby_verify(hash, password):
    return run("ruby", "-rbcrypt", "-e", "print BCrypt::Password.new(ARGV[0]) == ARGV[1]", hash, password) == "true"


def ruby_bcrypt(password, cost):
    return run("ruby", "-rbcrypt", "-e", "print BCrypt::Password.create(ARGV[0], cost: ARGV[1].to_i)", password, str(cost))


# bcrypt: Flask-Bcrypt ($2b$), Laravel and PHP ($2y$), Devise and Ruby ($2a$).
flask = flask_bcrypt.Bcrypt()
FLASK = f"Flask-Bcrypt {version('flask-bcrypt')}, bcrypt {version('bcrypt')}"
for password, cost in [(PLAIN, 4), (WORLD, 5), (PLAIN, 12)]:
    add("bcrypt 2b", FLASK, password, flask.generate_password_hash(password, cost).decode(), flask.check_password_hash)
add(
    "bcrypt 2b",
    FLASK,
    DECOMPOSED,
    flask.generate_password_hash(DECOMPOSED, 4).decode(),
    flask.check_password_hash,
    wrong=[COMPOSED],
)
for scheme, made_by, make, verify in [
    ("bcrypt 2y", PHP, php_bcrypt, php_verify),
    ("bcrypt 2a", RUBY, ruby_bcrypt, ruby_verify),
]:
    for password in [PLAIN, WORLD]:
        add(scheme, made_by, password, make(password, 4), verify)
    add(scheme, made_by, LONG, make(LONG, 4), verify, right=[LONG[:72], LONG[:72] + "?"], wrong=[LONG[:71]])
    add(scheme, made_by, SPLIT, make(SPLIT, 4), verify, right=[SPLIT[:72] + "!"], wrong=[SPLIT[:71], "x" * 72])
    add(scheme, made_by, LONG * 3, make(LONG * 3, 4), verify)

# Werkzeug.
WERKZEUG = f"Werkzeug {version('werkzeug')}"
for method, password in [
    ("scrypt", PLAIN),
    ("scrypt:1024:8:2", WORLD),
    ("pbkdf2:sha256:1000", WORLD),
    ("pbkdf2:sha256:100001", PLAIN),
    ("pbkdf2:sha1:1000", WORLD),
]:
    hash = security.generate_password_hash(password, method)
    add(f"Werkzeug {method}", WERKZEUG, password, hash, security.check_password_hash)
hash = security.generate_password_hash(DECOMPOSED, "scrypt:1024:8:1")
add("Werkzeug scrypt:1024:8:1", WERKZEUG, DECOMPOSED, hash, security.check_password_hash, wrong=[COMPOSED])

# Django.
DJANGO = f"Django {django.__version__}"
pbkdf2, pbkdf2_sha1 = hashers.PBKDF2PasswordHasher(), hashers.PBKDF2SHA1PasswordHasher()
scrypt = hashers.ScryptPasswordHasher()
for scheme, hasher, password, cost in [
    ("Django pbkdf2_sha256", pbkdf2, WORLD, {"iterations": 1000}),
    ("Django pbkdf2_sha256", pbkdf2, PLAIN, {"iterations": 1}),
    ("Django pbkdf2_sha1", pbkdf2_sha1, WORLD, {"iterations": 1000}),
    ("Django scrypt", scrypt, PLAIN, {}),
    ("Django scrypt", scrypt, WORLD, {"n": 1024, "r": 4, "p": 3}),
]:
    hash = hasher.encode(password, hasher.salt(), **cost)
    add(scheme, DJANGO, password, hash, lambda hash, text, hasher=hasher: hasher.verify(text, hash))

# Argon2id.
ARGON2 = f"argon2-cffi {version('argon2-cffi')}"


def argon2_verify(hash, password):
    try:
        return argon2.PasswordHasher().verify(hash, password)
    except argon2.exceptions.VerifyMismatchError:
        return False


for password, cost in [
    (PLAIN, {"memory_cost": 19456, "time_cost": 2, "parallelism": 1}),
    (WORLD, {"memory_cost": 64, "time_cost": 3, "parallelism": 4}),
    (WORLD, {"memory_cost": 8, "time_cost": 1, "parallelism": 1, "hash_len": 64, "salt_len": 8}),
]:
    add("Argon2id", ARGON2, password, argon2.PasswordHasher(**cost).hash(password), argon2_verify)
add("Argon2id", PHP, WORLD, php_argon2id(WORLD, 256, 2, 1), php_verify)

# better-auth.
BETTER_AUTH = "better-auth " + json.loads(Path("node_modules/better-auth/package.json").read_text())["version"]


def better_auth(call, *arguments):
    code = f"import {{ hashPassword, verifyPassword }} from 'better-auth/crypto'; console.log(await {call});"
    return run("node_modules/.bin/node", "--input-type=module", "-e", code, "--", *arguments).strip()


def better_auth_verify(hash, password):
    return better_auth("verifyPassword({ hash: process.argv[1], password: process.argv[2] })", hash, password) == "true"


for password, right in [(WORLD, []), ("ﬁ and A\u030a, typed apart", ["fi and Å, typed apart"])]:
    hash = better_auth("hashPassword(process.argv[1])", password)
    add("better-auth", BETTER_AUTH, password, hash, better_auth_verify, right=right)

# Firebase: the one that its authors have published. Their library cannot be installed, and confirms no other password.
vectors.append(
    {
        "scheme": "Firebase",
        "madeBy": "firebase/scrypt, the example of its README",
        "hash": "$firebase-scrypt$ln=14,r=8$42xEC+ixf3L2lw==$Bw=="
        "$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==",
        "right": ["user1password"],
        "wrong": ["ser1password", ""],
    }
)

made = {
    "about": "Password hashes by the libraries themselves, which also confirmed each right and wrong password, but for Firebase.",
    "madeBy": "test/unit/vectors/make-foreign-hashes.py",
    "vectors": vectors,
}
(HERE / "foreign-hashes.json").write_text(json.dumps(made, ensure_ascii=False, indent=2) + "\n")
