import PrometheusConfig
import YAML

extension InputFile {
    /// The problems of a configuration file of Prometheus, in the order of the text: `file:line:column: error: …`.
    func prometheusProblems(for version: PrometheusVersion) throws(CommandFailure) -> [String] {
        do throws(YAMLError) {
            let start = YAMLPosition(line: 1, column: 1)
            return try YAML.parse(bytes, file: name).flatMap { document in
                ConfigurationFileChecks(version: version).problems(document.value).map { problem in
                    (position: document.position(of: problem.path) ?? start, problem: problem)
                }
            }
            .sorted { $0.position < $1.position }
            .map { "\(name):\($0.position): error: \($0.problem)" }
        } catch {
            throw CommandFailure(error, in: name)
        }
    }
}
