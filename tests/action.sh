#!/bin/sh
# action.sh BIN_DIR SOURCE_DIR - runs the steps of .github/actions/compare/action.yml as GitHub's runner does,
# with the tools of BIN_DIR on PATH, and looks at the summary, the outputs and the status.
set -eu
bin=$(cd "$1" && pwd) source=$(cd "$2" && pwd)
/usr/bin/env python3 -c 'import yaml' 2> /dev/null || { echo 'skipped: python3 has no yaml' && exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export PATH="$bin:$PATH"

# play INPUT=VALUE... - the steps in turn, each by its shell, with inputs put into its environment.
cat > play.py << 'END'
import os, re, subprocess, sys, yaml
action = yaml.safe_load(open(sys.argv[1]))
given = dict(word.split('=', 1) for word in sys.argv[2:])
inputs = {}
for name, about in action['inputs'].items():
    assert name in given or not about.get('required'), name
    inputs[name] = given.get(name, str(about.get('default', '')))
assert set(given) <= set(inputs), given
def fill(text):
    text = re.sub(r'\$\{\{ *inputs\.([\w-]+) *\}\}', lambda m: inputs[m[1]], text)
    text = text.replace('${{ github.action_path }}', os.path.dirname(os.path.abspath(sys.argv[1])))
    assert '${{' not in text, text
    return text
for name in 'summary', 'output', 'path':
    open(name, 'w').close()
for step in action['runs']['steps']:
    assert step['shell'] == 'bash' and 'uses' not in step
    env = dict(os.environ, **{k: fill(v) for k, v in step.get('env', {}).items()})
    env.update(GITHUB_STEP_SUMMARY='summary', GITHUB_OUTPUT='output', GITHUB_PATH='path')
    done = subprocess.run(['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', step['run']], env=env)
    if done.returncode:
        sys.exit(done.returncode)
END
action=$source/.github/actions/compare/action.yml
failed=0
play() { # play STATUS INPUT=VALUE...
    expected=$1 status=0
    shift
    rm -f pp-diff.svg
    python3 play.py "$action" "$@" > log 2>&1 || status=$?
    [ $status = "$expected" ] || complain "$*: status $status"
}
complain() {
    echo "$1" && cat log
    failed=1
}
has() { grep -q -- "$2" "$1" || complain "$1 has no '$2'"; }

printf 'main;parse 100\nmain;write 100\n' > before.folded
printf 'main;parse 190\nmain;write 100\n' > after.folded
mkdir runs
for n in 1 2 3; do
    printf 'main;parse %d\nmain;write 100\n' $((100 + n)) > runs/before$n.folded
    printf 'main;parse %d\nmain;write 100\n' $((101 + n)) > runs/after$n.folded
done
play 0 before=before.folded after=after.folded options=
has summary '| .*parse'
has pp-diff.svg '<svg'
has output 'picture=pp-diff.svg'
has output 'changed=false'
play 3 before=before.folded after=after.folded options= "fail-if=total(parse) > 50%"
has output 'changed=true'
has summary 'parse'
[ -s pp-diff.svg ] || complain 'no picture where a condition holds'
play 0 'before=runs/before*.folded' 'after=runs/after*.folded' options= "fail-if=total(parse) > 50%
any > 90%" picture=other.svg
has output 'picture=other.svg'
play 1 before=nosuch.folded after=after.folded
play 2 before=before.folded after=after.folded 'fail-if=total('
[ $failed = 0 ] && echo 'the action does what it says'
