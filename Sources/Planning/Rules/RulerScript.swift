/// The script that runs Thanos Rule in a pod.
enum RulerScript {
    static let name = "ruler.sh"
    /// The folder of the rule files.
    static let rulesFolder = "/etc/tributary/rules"
    /// The folder for all that the script and Thanos write.
    static let workFolder = "/var/tributary/ruler"

    /// The script, for the shell of busybox.
    static let text = #"""
        #!/bin/sh
        # Runs Thanos Rule with those of the rule files that it accepts, and has it load them when they change.
        # Written by Tributary; edits are lost.
        set -u
        source=${RULER_RULES:-/etc/tributary/rules}
        config=${RULER_CONFIG:-/etc/tributary/ruler}
        work=${RULER_WORK:-/var/tributary/ruler}
        thanos=${RULER_THANOS:-thanos}
        every=${RULER_EVERY:-3}
        child=

        say() { printf 'ruler: %s\n' "$*" >&2; }

        accepts() { "$thanos" tools rules-check --rules="$1" >"$work/answer" 2>&1; }

        # Thanos refuses all files for one that it does not understand: that one is left out.
        load() {
            rm -rf "$work/next"
            mkdir -p "$work/next" || return 1
            cp -L "$source/..data/"*.yaml "$work/next/" 2>/dev/null
            if [ -n "$(ls "$work/next")" ] && ! accepts "$work/next/*.yaml"; then
                for file in "$work/next/"*.yaml; do
                    accepts "$file" && continue
                    say "left out ${file##*/}, which Thanos refuses: $(grep -m 1 -o 'err=.*' "$work/answer" | cut -c 1-400)"
                    rm -f "$file"
                done
            fi
            rm -rf "$work/rules"
            mv "$work/next" "$work/rules"
        }

        # Thanos reads no user name from a file, and does not start without a certificate that does not exist yet.
        write_alertmanagers() {
            while IFS= read -r line; do
                file=${line##*_file: }
                case $line in
                *username_file:*)
                    name=$(sed 's/[\\"]/\\&/g' "$file" 2>/dev/null)
                    printf '%susername: "%s"\n' "${line%%username_file*}" "$name"
                    ;;
                *ca_file:* | *cert_file:* | *key_file:*)
                    if [ -e "$file" ]; then printf '%s\n' "$line"; else say "there is no $file"; fi
                    ;;
                *) printf '%s\n' "$line" ;;
                esac
            done <"$config/alertmanagers.yaml" >"$work/alertmanagers.yaml"
        }

        stop() {
            trap '' TERM INT
            [ -z "$child" ] || kill -TERM "$child" 2>/dev/null
            wait "$child"
            exit 0
        }

        umask 077
        mkdir -p "$work/data" || exit 1
        trap stop TERM INT
        write_alertmanagers
        seen=$(readlink "$source/..data")
        load || exit 1
        "$thanos" rule "$@" &
        child=$!
        while kill -0 "$child" 2>/dev/null; do
            sleep "$every" &
            wait $!
            now=$(readlink "$source/..data")
            [ "$now" != "$seen" ] || continue
            seen=$now
            load && kill -HUP "$child"
        done
        wait "$child"
        status=$?
        say "thanos ended with status $status"
        exit 1

        """#
}
