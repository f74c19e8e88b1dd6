import TestSupport
import Testing
import TributaryAPI
import YAML

@testable import tributary

@Suite struct `The command line` {
    static let commands = [
        "run", "hashring", "render", "diff", "why", "status", "graph", "convert", "lint", "route", "diff-rings",
        "local", "demo",
        "reload", "relay", "identity", "crds", "version",
    ]

    @Test(arguments: commands) func `Each command has a help text`(command: String) async throws {
        for arguments in [[command, "--help"], ["help", command]] {
            let outcome = try await Tool.run(arguments)
            #expect(outcome.code == 0)
            #expect(outcome.errors == "")
            #expect(outcome.output.contains("USAGE: tributary \(command)"))
            #expect(outcome.output.contains("OVERVIEW: "))
        }
    }

    @Test func `The help text lists all commands`() async throws {
        let outcome = try await Tool.run("--help")
        #expect(outcome.code == 0)
        for command in Self.commands { #expect(outcome.output.contains("\n  \(command) ")) }
    }

    @Test(arguments: [[]] + commands.map { [$0] })
    func `The help text fills its lines up to the width of the terminal`(command: [String]) async throws {
        let outcome = try await Tool.run(["help"] + command, environment: ["COLUMNS": "80"])
        let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
        for line in lines where line.contains(/\S\s+\S+\s/) { #expect(line.count <= 80, "\(line)") }
        let overview = lines.prefix { !$0.hasPrefix("USAGE:") }
        for (line, next) in zip(overview, overview.dropFirst()) {
            // Examples are on indented lines of their own.
            guard !line.isEmpty, let word = next.split(separator: " ").first, !next.hasPrefix(" ") else { continue }
            #expect(line.count + 1 + word.count > 79, "a line break is in the text after: \(line)")
        }
    }

    @Test func `The version is printed by a command and by a flag`() async throws {
        let outcome = try await Tool.run("version")
        #expect(outcome.code == 0)
        #expect(outcome.output.split(separator: "\n").count >= 1)
        let flag = try await Tool.run("--version")
        #expect(flag.code == 0)
        #expect(!flag.output.isEmpty && outcome.output.contains(flag.output.prefix { $0 != "\n" }))
    }

    @Test(arguments: [
        ["nonsense"], ["render"], ["render", "-f"], ["render", "-f", "examples/thanos", "-o", "xml"],
        ["render", "--nonsense", "-f", "examples/thanos"], ["run", "--workers", "0"], ["run", "--workers", "many"],
        ["run", "--metrics-bind-address", "nowhere"], ["run", "--log-format", "prose"], ["run", "extra"],
        ["diff"], ["why", "tenant"], ["why", "tenant", "a"], ["why", "nothing", "a/b"], ["why", "probe", "a/b/c"],
        ["why", "receiver", "a"], ["why", "receiver", "a/b/c"],
        ["why", "probe", "a/b", "-f", "-", "--kubeconfig", "k"], ["status", "-o", "yaml"],
        ["lint"], ["lint", "--replication-factor", "0", "-"], ["route", "-"], ["diff-rings", "-"],
        ["route", "--tenant", "a", "--series", "{", "-"], ["hashring"], ["hashring", "-configmap-name", "a"],
        HashringFlags.needed + ["-nonsense"], HashringFlags.needed + ["-annotate-pods-on-change", "true"],
        HashringFlags.needed + ["-annotate-pods-on-change=yes"], HashringFlags.needed + ["--label=a"],
        HashringFlags.needed + ["--label=a=b=c"], HashringFlags.needed + ["--configmap-generated-name=base"],
        HashringFlags.needed + ["-port=x"], HashringFlags.needed + ["-scale-timeout=5"],
        HashringFlags.needed + ["-internal-addr=here"], HashringFlags.needed + ["--algorithm=Ketama"],
        // Numbers that are negative, too large for what they are, or too large for an integer.
        ["local", "--port", "99999999999"], ["local", "--port=65536"], ["local", "--port=-1"],
        ["run", "--leader-election-lease-duration", "10s"], ["run", "--leader-election-retry-period", "0s"],
        ["run", "--leader-election-lease-duration", "15500ms"],
        ["run", "--workers=-1"], ["run", "--workers", "99999999999999999999"],
        ["run", "--metrics-bind-address", ":65536"], ["run", "--metrics-bind-address", ":-1"],
        ["lint", "--replication-factor=-1", "-"], ["route", "--tenant", "a", "--replication-factor=-1", "-"],
        ["lint", "--replication-factor", "99999999999999999999", "-"],
        HashringFlags.needed + ["--port=0"], HashringFlags.needed + ["--port=99999999999"],
        HashringFlags.needed + ["--min-replicas=-1"], HashringFlags.needed + ["--max-step=99999999999999999999"],
        HashringFlags.needed + ["--replication-factor=10001"], HashringFlags.needed + ["--join-after=-5s"],
        HashringFlags.needed + ["--leave-after=99999999999999h"], HashringFlags.needed + ["--step-interval=1e9h"],
    ])
    func `Wrong usage exits with 2 and prints the usage`(arguments: [String]) async throws {
        let outcome = try await Tool.run(arguments)
        #expect(outcome.code == 2)
        #expect(outcome.output == "")
        #expect(outcome.errors.hasPrefix("Error: "))
        #expect(outcome.errors.contains("Usage: tributary"))
    }

    @Test func `The command hashring accepts the flags of thanos-receive-controller, with its defaults`() async throws {
        let help = try await Tool.run("hashring", "--help").output.split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
        for (flag, value) in HashringFlags.theirs {
            #expect(help.contains("--\(flag) ") || help.contains("--\(flag)/--no-\(flag) "), "\(flag)")
            if let value { #expect(help.contains("(default: \(value))"), "\(flag)") }
        }
        // One dash or two, values after an equals sign or as the next argument: only the cluster is missing.
        for dashes in ["-", "--"] {
            let flags = HashringFlags.theirs.flatMap { flag, value in
                value?.hasPrefix("--no-") == true
                    ? ["\(dashes)\(flag)=false", "\(dashes)\(flag)"]
                    : ["\(dashes)\(flag)", HashringFlags.example(flag)]
            }
            let outcome = try await Tool.run(["hashring"] + flags)
            #expect(outcome.code == 1, "\(outcome.errors)")
            #expect(outcome.errors.hasPrefix("error: ") && outcome.errors.contains("/nonexistent"), "\(outcome.errors)")
        }
    }

    @Test func `The command hashring reads each of its flags in the syntax of Go`() async throws {
        let help = try await Tool.run("hashring", "--help").output
        let flags = help.split(whereSeparator: \.isWhitespace).flatMap { $0.split(separator: "/") }
            .filter { $0.hasPrefix("--") && !$0.hasPrefix("--no-") && $0.allSatisfy { $0.isLetter || $0 == "-" } }
            .map { String($0.dropFirst(2)) }
        let own = Set(flags).subtracting(["version", "help"]).filter { !$0.hasPrefix("receive") }
        #expect(own == HashringCommand.values.union(HashringCommand.switches))
    }

    @Test func `The command crds prints the definitions in the folder crds`() async throws {
        let outcome = try await Tool.run("crds")
        #expect(outcome.code == 0)
        let files = try ["globalviews", "tenants", "prometheusagents"].map {
            try Checkout.read("crds/\(TributaryAPI.group)_\($0).yaml")
        }
        #expect(outcome.output == files.joined(separator: "---\n"))
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func `A completion script for the shell has all commands`(shell: String)
        async throws
    {
        let outcome = try await Tool.run("--generate-completion-script", shell)
        #expect(outcome.code == 0)
        for command in Self.commands { #expect(outcome.output.contains(command)) }
    }
}

/// The flags of thanos-receive-controller.
enum HashringFlags {
    /// Each flag with its default as the help text has it, or nil.
    static let theirs: [(String, String?)] = [
        ("kubeconfig", nil), ("namespace", "default"),
        ("label", "controller.receive.thanos.io=thanos-receive-controller"), ("statefulset-label", nil),
        ("cluster-domain", "cluster.local"), ("configmap-name", nil), ("configmap-generated-name", nil),
        ("file-name", nil), ("port", "10901"), ("scheme", "http"), ("internal-addr", ":8080"),
        ("allow-only-ready-replicas", "--no-allow-only-ready-replicas"),
        ("allow-dynamic-scaling", "--no-allow-dynamic-scaling"),
        ("annotate-pods-on-change", "--no-annotate-pods-on-change"), ("scale-timeout", nil),
        ("use-az-aware-hashring", "--no-use-az-aware-hashring"), ("pod-az-annotation-key", nil),
    ]

    static let needed = [
        "hashring", "-configmap-name=base", "-configmap-generated-name=generated", "-file-name=hashrings.json",
    ]

    static func example(_ flag: String) -> String {
        switch flag {
        case "kubeconfig": "/nonexistent"
        case "label", "statefulset-label": "a=b"
        case "cluster-domain", "pod-az-annotation-key": ""
        case "port": "1"
        case "internal-addr": "127.0.0.1:0"
        case "scale-timeout": "1m30s"
        default: flag
        }
    }
}
