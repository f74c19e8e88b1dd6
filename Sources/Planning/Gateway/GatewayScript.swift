/// The script that runs nginx in a pod of the gateway.
enum GatewayScript {
    /// The folder that the files of ``GatewayFiles`` are mounted in, all in one projected volume.
    static let folder = "/etc/tributary/gateway"
    /// The folder of the Secret with the certificate.
    static let tlsFolder = "/etc/tributary/gateway-tls"
    /// The folder with the authorities that sign client certificates, in the file `ca.crt`.
    static let authoritiesFolder = "/etc/tributary/gateway-client-ca"
    /// The folder of the Secret with the certificate to show to servers behind the gateway, and their authorities.
    static let serversFolder = "/etc/tributary/gateway-servers"
    /// The authorities of the image.
    static let systemAuthorities = "/etc/ssl/certs/ca-certificates.crt"
    /// The files that the script makes of that Secret, beside `nginx.conf`.
    static let serverCertificate = "servers.crt"
    static let serverKey = "servers.key"
    static let serverAuthorities = "servers-ca.crt"
    /// The folder for all that the script and nginx write. It has copies of the credentials.
    static let workFolder = "/tmp/tributary-gateway"

    /// The script, for the POSIX shell, GNU coreutils and getent.
    static let text = #"""
        #!/bin/sh
        # Runs nginx with the newest configuration that it accepts, and resolves the hosts behind it.
        # Written by Tributary; edits are lost.
        set -u
        umask 077
        source=${GATEWAY_CONFIG:-/etc/tributary/gateway}
        certificates=${GATEWAY_TLS:-/etc/tributary/gateway-tls}
        authorities=${GATEWAY_CLIENT_CA:-/etc/tributary/gateway-client-ca}
        servers=${GATEWAY_SERVERS:-/etc/tributary/gateway-servers}
        work=${GATEWAY_WORK:-/tmp/tributary-gateway}
        nginx=${GATEWAY_NGINX:-nginx}
        # Further directives, an address to listen on, and times in seconds; tests set them.
        globals="daemon off; ${GATEWAY_GLOBALS:-}"
        address=${GATEWAY_ADDRESS:-}
        every=${GATEWAY_RESOLVE_EVERY:-10}
        patience=${GATEWAY_STOP_AFTER:-5}
        master=
        resolver=
        active=
        former=
        version=0

        say() { printf 'gateway: %s\n' "$*" >&2; }

        # The kubelet replaces all files of a volume at once, by another target of the link ..data.
        marks() {
            for folder in "$source" "$certificates" "$authorities" "$servers"; do
                readlink "$folder/..data" || echo -
            done
        }

        # resolve NAME HOST PORT SECONDS: writes the addresses of a host. Those that were known stay if there is no answer.
        resolve() {
            file=$work/addresses/$1
            [ -e "$file" ] || : >"$file"
            found=$(timeout "$4" getent ahostsv4 "$2" || timeout "$4" getent ahostsv6 "$2") || return 0
            while read -r ip kind _; do
                [ "$kind" = STREAM ] || continue
                case $ip in *[!0-9a-fA-F:.]*) continue ;; *:*) ip="[$ip]" ;; esac
                printf 'server %s:%s;\n' "$ip" "$3"
            done <<END | LC_ALL=C sort -u >"$file.new"
        $found
        END
            [ -s "$file.new" ] || return 0
            cmp -s "$file.new" "$file" && return 0
            mv "$file.new" "$file"
            : >"$work/changed"
        }

        # resolve_all FILE SECONDS [new]: resolves all hosts, or those that have never been tried.
        resolve_all() {
            running=0
            while read -r name host port; do
                [ -z "${3:-}" ] || [ ! -e "$work/addresses/$name" ] || continue
                resolve "$name" "$host" "$port" "$2" &
                running=$((running + 1))
                [ $((running % 20)) -ne 0 ] || wait
            done <"$1"
            wait
        }

        resolve_forever() {
            trap - TERM INT
            while kill -0 $$ 2>/dev/null; do
                sleep "$every"
                [ ! -e "$work/current/upstreams" ] || (resolve_all "$work/current/upstreams" 5)
            done
        }

        # A host without an address gets one that refuses connections, so that nginx serves all others.
        write_upstreams() {
            while read -r name _; do
                printf 'upstream %s {\n' "$name"
                if [ -s "$work/addresses/$name" ]; then cat "$work/addresses/$name"; else echo 'server 127.0.0.1:9;'; fi
                printf 'keepalive 64;\n}\n'
            done <"$1"
        }

        write_listeners() {
            while read -r name port options; do
                {
                    printf 'listen %s%s %s;\n' "${address:+$address:}" "$port" "$options"
                    [ -n "$address" ] || [ ! -s /proc/net/if_inet6 ] || printf 'listen [::]:%s %s;\n' "$port" "$options"
                } >"$1/listen-$name.conf"
            done <"$1/listeners"
        }

        # nginx repeats what it does not understand, which may be a credential: only the place is logged for such files.
        explain() {
            while read -r line; do
                case $line in
                *" in $1/tenants-"* | *" in $1/details-"*) say "refused at ${line##* in "$1"/}" && return ;;
                *emerg*) say "refused: ${line#*emerg\] }" && return ;;
                esac
            done <"$1/answer"
            say 'refused by nginx'
        }

        # Copies the files of the volumes and lets nginx try them.
        load() {
            version=$((version + 1))
            next=$work/version-$version
            mkdir "$next" || return 1
            # The links beside ..data may be older or newer than it.
            cp -L "$source/..data/"* "$next/" 2>/dev/null
            if ! (cd "$next" && sha256sum -c manifest) >/dev/null 2>&1; then
                say "the files in $source are missing or do not belong together; waiting for a change"
                rm -rf "$next"
                return 1
            fi
            for file in "$certificates/tls.crt" "$certificates/tls.key" "$authorities/ca.crt"; do
                [ ! -e "$file" ] || cp -L "$file" "$next/"
            done
            if [ -e "$servers/ca.crt" ]; then
                cp -L "$servers/tls.crt" "$next/servers.crt"
                cp -L "$servers/tls.key" "$next/servers.key"
                # An authenticating service may have a certificate that the system trusts.
                cat /etc/ssl/certs/ca-certificates.crt "$servers/ca.crt" >"$next/servers-ca.crt" 2>/dev/null
            fi
            (resolve_all "$next/upstreams" 2 new)
            write_upstreams "$next/upstreams" >"$next/upstreams.conf"
            write_listeners "$next"
            hash=$(sha256sum <"$next/manifest")
            printf 'return 200 "%s\\n";\n' "${hash%% *}" >"$next/hash.conf"
            if "$nginx" -t -q -e stderr -p "$work/" -c "$next/nginx.conf" -g "$globals" >"$next/answer" 2>&1; then
                ln -s "version-$version" "$work/link" && mv -T "$work/link" "$work/current" || return 1
                [ -z "$former" ] || rm -rf "$former"
                former=$active
                active=$next
                return 0
            fi
            say 'the new configuration is refused; the former one stays'
            explain "$next"
            rm -rf "$next"
            return 1
        }

        start_or_reload() {
            if [ -n "$master" ]; then
                kill -HUP "$master"
            else
                "$nginx" -e stderr -p "$work/" -c "$work/current/nginx.conf" -g "$globals" &
                master=$!
            fi
        }

        follow_addresses() {
            [ -e "$work/changed" ] || return 0
            rm -f "$work/changed"
            write_upstreams "$work/current/upstreams" >"$work/upstreams.new"
            cmp -s "$work/upstreams.new" "$work/current/upstreams.conf" && return 0
            mv "$work/upstreams.new" "$work/current/upstreams.conf" && kill -HUP "$master"
        }

        stop() {
            trap '' TERM INT
            if [ -n "$master" ]; then
                # Requests arrive until all nodes know that this pod ends.
                sleep "$patience"
                kill -QUIT "$master" 2>/dev/null
                wait "$master"
            fi
            [ -z "$resolver" ] || kill "$resolver" 2>/dev/null
            exit 0
        }

        main() {
            trap stop TERM INT
            rm -rf "$work"
            mkdir -p "$work/addresses" || exit 1
            cd "$work" || exit 1
            resolve_forever &
            resolver=$!
            seen=
            while :; do
                now=$(marks)
                if [ "$now" != "$seen" ]; then
                    seen=$now
                    if load; then start_or_reload; fi
                fi
                if [ -n "$master" ]; then
                    if ! kill -0 "$master" 2>/dev/null; then
                        wait "$master"
                        say "nginx ended with status $?"
                        kill "$resolver" 2>/dev/null
                        exit 1
                    fi
                    follow_addresses
                fi
                sleep 1 &
                wait $!
            done
        }

        main

        """#
}
