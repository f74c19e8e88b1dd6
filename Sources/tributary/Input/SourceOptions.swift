import ArgumentParser

/// Where a command takes objects from: files, or a cluster.
struct SourceOptions: ParsableArguments {
    @Option(
        name: .short, parsing: .upToNextOption,
        help: ArgumentHelp("The files and folders with manifests. - is standard input.", valueName: "file|dir"))
    var f: [String] = []

    @Option(help: ArgumentHelp("The kubeconfig file of the cluster to read instead of files.", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("The kubeconfig's context. Defaults to the current context.", valueName: "name"))
    var context: String?

    @OptionGroup var monitors: MonitorGroupOptions

    func validate() throws {
        guard f.isEmpty || kubeconfig == nil && context == nil else {
            throw ValidationError("-f: cannot be combined with --kubeconfig and --context, which read a cluster")
        }
    }
}
