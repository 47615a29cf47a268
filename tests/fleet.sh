#!/bin/bash
# fleet.sh BIN_DIR SOURCE_DIR [PROFILES] - does what docs/fleet.md says: merges many profiles (default: 10,000, made up) on one
# machine, with GNU parallel, also over ssh, and with Slurm, on which a node is killed meanwhile. Each result must be byte for byte that of
# a single pp-merge. A part whose programs are missing is skipped, with the reason. What Slurm needs (munged, a controller, two nodes)
# is started in a folder of its own, on loopback, and ended; nothing of the system's Slurm is touched.
. "${0%/*}/checks.sh"
profiles=${3:-10000} slurm_profiles=2000 parts=16
[ "$slurm_profiles" -le "$profiles" ] || slurm_profiles=$profiles
pids=()

end() { # the daemons, the last started first
    local i
    for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
        kill "${pids[i]}" 2> /dev/null && wait "${pids[i]}" 2> /dev/null
    done
    rm -rf "$work"
}
trap end EXIT

# --- the profiles ------------------------------------------------------------

# 100 stacks each, 5 to 16 frames deep, in 997 functions of 31 modules: the same ones on each machine.
make_profiles() {
    mkdir profiles
    awk -v n="$profiles" '
        function random(n) { seed = (seed * 69069 + 1) % 4294967296; return int(seed / 65536) % n }
        BEGIN {
            seed = 1
            for (f = 1; f <= n; f++) {
                file = sprintf("profiles/%07d.folded", f)
                for (s = 0; s < 100; s++) {
                    line = "main"
                    at = 0
                    for (d = 4 + random(12); d > 0; d--) {
                        at = (at * 3 + random(3) + 1) % 997
                        line = line ";service::module" at % 31 "::function" at
                    }
                    print line, 1 + random(50) > file
                }
                close(file)
            }
        }'
    # shellcheck disable=SC2016 # for the inner shell
    find profiles -name '*.folded' -print0 |
        xargs -0 -P "$(nproc)" -n 100 bash -c 'for f; do pp-convert -q -o "${f%.folded}.pb.gz" "$f" && rm "$f" || exit 255; done' bash
}

echo "$(nproc) processors, $(awk '/^MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo);" \
    "load $(cut -d ' ' -f 1-3 /proc/loadavg)"
make_profiles
find profiles -name '*.pb.gz' | sort > list
ok "all profiles were made" [ "$(wc -l < list)" = "$profiles" ]
echo "$profiles profiles, $(du -cb --files0-from=<(tr '\n' '\0' < list) | awk 'END { printf "%.1f MB", $1 / 1e6 }')"

# --- one machine -------------------------------------------------------------

echo "one machine:"
# The single pp-merge with which all others are compared: the files on its command line, in order.
ok "xargs needs one command line for all" sh_ 'xargs -s 2000000 -x -n 1000000 pp-merge -o single.pb.gz < list'
started=$(date +%s.%N)
sort -R list > shuffled
if [ -x /usr/bin/time ]; then
    ok "a list can be merged" sh_ "/usr/bin/time -o figures -f '%e s, %U + %S s of processor time, %M KiB' \
        pp-merge --files-from=- -o listed.pb.gz < shuffled"
    echo "  pp-merge --files-from: $(cat figures)"
else
    ok "a list can be merged" sh_ 'pp-merge --files-from=- -o listed.pb.gz < shuffled'
    echo "  pp-merge --files-from: $(echo "$started $(date +%s.%N)" | awk '{ printf "%.2f s", $2 - $1 }')" \
        "(no memory, as there is no /usr/bin/time)"
fi
ok "find | pp-merge --files-from, in another order, gives the same" cmp listed.pb.gz single.pb.gz
ok "find -print0 | pp-merge -0 --files-from gives the same" \
    sh_ 'find profiles -name "*.pb.gz" -print0 | pp-merge -0 --files-from=- -o nul.pb.gz && cmp nul.pb.gz single.pb.gz'
ok "the total is that of the profiles" \
    sh_ 'total() { pp-convert -q -t folded "$@" | awk "{ n += \$NF } END { printf \"%d\n\", n }"; }
         sum=0; while read -r f; do sum=$((sum + $(total "$f"))); done < <(head -n 50 list)
         head -n 50 list | pp-merge --files-from=- -o first.pb.gz && [ "$sum" -gt 0 ] && [ "$(total first.pb.gz)" = "$sum" ]'

# --- GNU parallel ------------------------------------------------------------

# Parts on this machine: ":" means that no ssh is needed. GNU parallel counts it as one host, even if named twice.
with_parallel() {
    mkdir by_parallel
    started=$(date +%s.%N)
    ok "GNU parallel merges in parts" sh_ 'parallel --will-cite --sshlogin 2/: --sshlogin 2/: --pipe -N 500 \
        "pp-merge -q --files-from=- -o by_parallel/{#}.pb.gz" < shuffled'
    ok "and the parts are merged" pp-merge -o parallel.pb.gz by_parallel
    echo "  $(ls by_parallel | wc -l) parts, and these into one:" \
        "$(echo "$started $(date +%s.%N)" | awk '{ printf "%.2f s", $2 - $1 }')"
    ok "each part was merged" [ "$(ls by_parallel | wc -l)" = $(((profiles + 499) / 500)) ]
    ok "the tree gives the same" cmp parallel.pb.gz single.pb.gz
}

echo "GNU parallel:"
if parallel --version 2> /dev/null | grep -q '^GNU parallel'; then with_parallel; else echo "  skipped: parallel is not installed"; fi

# Two hosts by ssh: a server of its own on two addresses of loopback, with keys of its own.
start_sshd() {
    mkdir -p ssh /run/sshd
    chmod 755 "$work"
    ssh-keygen -q -t ed25519 -N '' -f ssh/host && ssh-keygen -q -t ed25519 -N '' -f ssh/user || return 1
    cp ssh/user.pub ssh/authorized
    cat > ssh/sshd.conf << .
Port 17022
ListenAddress 127.0.0.1
ListenAddress 127.0.0.2
HostKey $work/ssh/host
AuthorizedKeysFile $work/ssh/authorized
PidFile $work/ssh/pid
PermitRootLogin prohibit-password
PasswordAuthentication no
StrictModes no
UsePAM no
MaxStartups 100
.
    cat > ssh/config << .
Host host1
    HostName 127.0.0.1
Host host2
    HostName 127.0.0.2
Host *
    Port 17022
    IdentityFile $work/ssh/user
    IdentitiesOnly yes
    StrictHostKeyChecking no
    UserKnownHostsFile /dev/null
    LogLevel ERROR
.
    "$(command -v sshd)" -D -e -f "$work/ssh/sshd.conf" 2> ssh/log &
    pids+=($!)
    local end=$((SECONDS + 20))
    until ssh -F ssh/config host1 true 2> ssh/refused && ssh -F ssh/config host2 true; do
        [ "$SECONDS" -lt "$end" ] || { cat ssh/refused ssh/log && return 1; }
        sleep 0.2
    done
}

with_ssh() {
    mkdir by_ssh
    ok "sshd starts" start_sshd
    started=$(date +%s.%N)
    ok "GNU parallel merges on two hosts" sh_ "parallel --will-cite --ssh 'ssh -F $work/ssh/config' \
        --sshlogin 2/host1,2/host2 --pipe -N 500 --joblog joblog \
        'cd $work && $(command -v pp-merge) -q --files-from=- -o by_ssh/{#}.pb.gz' < shuffled"
    ok "and the parts are merged" pp-merge -o ssh.pb.gz by_ssh
    echo "  $(awk 'NR > 1 { n[$2]++ } END { for (h in n) print n[h] " parts on " h }' joblog | sort | paste -sd ,):" \
        "$(echo "$started $(date +%s.%N)" | awk '{ printf "%.2f s", $2 - $1 }')"
    ok "each part was merged" [ "$(ls by_ssh | wc -l)" = $(((profiles + 499) / 500)) ]
    [ "$profiles" -lt 2000 ] || ok "both hosts had some" [ "$(awk 'NR > 1 { print $2 }' joblog | sort -u | wc -l)" = 2 ]
    ok "the tree gives the same" cmp ssh.pb.gz single.pb.gz
}

echo "GNU parallel over ssh:"
if ! parallel --version 2> /dev/null | grep -q '^GNU parallel'; then
    echo "  skipped: parallel is not installed"
elif ! command -v sshd ssh ssh-keygen > found || [ "$(wc -l < found)" != 3 ]; then
    echo "  skipped: openssh-server and openssh-client are not installed"
elif [ "$(id -u)" != 0 ]; then
    echo "  skipped: the daemon needs root"
else
    with_ssh
fi

# --- Slurm -------------------------------------------------------------------

daemon() { # daemon NAME COMMAND... - in the background; its messages go to slurm/NAME.log
    local name=$1
    shift
    "$@" > "slurm/$name.log" 2>&1 &
    pids+=($!)
}

slurm_files() {
    mkdir slurm parts slurm/running
    chmod 755 "$work" slurm
    dd if=/dev/urandom of=slurm/key bs=1024 count=1 status=none
    chmod 400 slurm/key
    cat > slurm/slurm.conf << .
ClusterName=pp
SlurmctldHost=localhost
SlurmUser=root
SlurmdUser=root
SlurmctldPort=17000
AuthType=auth/munge
AuthInfo=socket=$work/slurm/munge.socket,cred_expire=10
StateSaveLocation=$work/slurm/state
SlurmctldPidFile=$work/slurm/slurmctld.pid
SlurmdSpoolDir=$work/slurm/spool.%n
SlurmdPidFile=$work/slurm/slurmd.%n.pid
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
SlurmdTimeout=10
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
NodeName=n1 NodeHostname=localhost NodeAddr=127.0.0.1 Port=17001 CPUs=1
NodeName=n2 NodeHostname=localhost NodeAddr=127.0.0.1 Port=17002 CPUs=1
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
.
    # A task takes each 16th file. The pause is there so that a node can be killed in a task.
    cat > slurm/part.sh << .
#!/bin/bash
set -eu
cd "$work"
echo "\$SLURM_ARRAY_TASK_ID \$SLURMD_NODENAME" >> slurm/started
echo \$\$ > slurm/running/\$SLURMD_NODENAME
sleep 1
awk "NR % $parts == \$SLURM_ARRAY_TASK_ID % $parts" slurm/list |
    pp-merge -q --files-from=- -o parts/\$SLURM_ARRAY_TASK_ID.pb.gz
rm slurm/running/\$SLURMD_NODENAME
.
    cat > slurm/reduce.sh << .
#!/bin/bash
cd "$work" && exec pp-merge -q -o slurm.pb.gz parts/*.pb.gz
.
    head -n "$slurm_profiles" list > slurm/list
}

for_a_while() { # for_a_while SECONDS COMMAND... - until the command succeeds
    local end=$((SECONDS + $1))
    shift
    until "$@" > /dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.2
    done
}

# Both nodes wait for work.
nodes_idle() { [ "$(sinfo -h -N -o %T | grep -c '^idle$')" = 2 ]; }

start_slurm() {
    daemon munged munged -F --force --key-file="$work/slurm/key" --socket="$work/slurm/munge.socket" \
        --pid-file="$work/slurm/munge.pid" --log-file="$work/slurm/munge.log" --seed-file="$work/slurm/munge.seed"
    for_a_while 10 test -S slurm/munge.socket || return 1
    daemon slurmctld slurmctld -D
    daemon n1 slurmd -D -N n1
    daemon n2 slurmd -D -N n2
    n2=${pids[-1]}
    for_a_while 60 nodes_idle
}

# The power fails: the node's daemon, the one that watches the task, the task, and what it runs.
kill_n2() {
    local task keeper
    for_a_while 30 test -s slurm/running/n2 || return 1
    task=$(cat slurm/running/n2)
    keeper=$(ps -o ppid= -p "$task" | tr -d ' ')
    [ "${keeper:-1}" -gt 1 ] && ps -o args= -p "$keeper" | grep -q slurmstepd || return 1
    kill -9 "$n2" "$keeper" && kill -9 -- "-$(ps -o pgid= -p "$task" | tr -d ' ')"
}

twice() { [ "$(cut -d ' ' -f 1 slurm/started | sort | uniq -d | wc -l)" -ge 1 ]; }

with_slurm() {
    slurm_files
    export SLURM_CONF=$work/slurm/slurm.conf
    ok "Slurm starts" start_slurm
    [ "$failed" = 0 ] || { tail -n 5 slurm/*.log && return; }
    started=$(date +%s.%N)
    job=$(sbatch --parsable --requeue --array=1-$parts --output="$work/slurm/part.%a.out" slurm/part.sh)
    reduce=$(sbatch --parsable --requeue --dependency="afterok:$job" --output="$work/slurm/reduce.out" slurm/reduce.sh)
    ok "a node is killed in a task" kill_n2
    ok "the dependent job ends" for_a_while 240 test -s slurm.pb.gz
    [ -s slurm.pb.gz ] || { squeue -r; sinfo -N -l; scontrol show job "$reduce"; cat slurm/*.out; tail -n 20 slurm/slurmctld.log; }
    ok "a task was run again" twice
    ok "each part was merged" [ "$(ls parts | wc -l)" = $parts ]
    xargs -s 2000000 pp-merge -q -o slurm_single.pb.gz < slurm/list
    ok "the result is that of a single pp-merge" cmp slurm.pb.gz slurm_single.pb.gz
    echo "  $slurm_profiles profiles in $parts parts, a node killed: $(wc -l < slurm/started) tasks started," \
        "$(grep -c ' n1$' slurm/started) on n1;$(echo "$started $(date +%s.%N)" | awk '{ printf " %.0f s", $2 - $1 }')"
}

echo "Slurm:"
if ! command -v slurmctld slurmd munged sbatch > found || [ "$(wc -l < found)" != 4 ]; then
    echo "  skipped: slurm-wlm and munge are not installed"
elif [ "$(id -u)" != 0 ]; then
    echo "  skipped: the daemons need root"
else
    with_slurm
fi

all_passed
