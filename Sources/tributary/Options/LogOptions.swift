import ArgumentParser
import Logging
import Observability

/// How a command logs.
struct LogOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The format of log lines.", valueName: "format"))
    var logFormat: LogFormat = .logfmt

    @Option(help: ArgumentHelp("The least severe level that is logged.", valueName: "level"))
    var logLevel: Logger.Level = .info
}

extension LogFormat: ExpressibleByArgument {}
extension Logger.Level: @retroactive ExpressibleByArgument {}
