import PrometheusConfig
import TributaryAPI

/// The Thanos that a view runs: its image, and what its version takes. The argument lists of receivers, stores and queriers go
/// through it.
struct ThanosRelease: Hashable {
    /// The image of the pods.
    var image: String
    /// The version; nil if it cannot be read, which counts as the newest.
    var version: ThanosVersion?

    /// The release of a view. An image without a version beside it has the version of its tag.
    init(of view: GlobalView) {
        image = view.thanosImage
        version = ThanosVersion(view.spec.thanos?.version ?? Self.tag(of: image))
    }

    private static func tag(of image: String) -> String {
        let name = (image.split(separator: "@").first ?? "").split(separator: "/").last ?? ""
        return name.split(separator: ":").dropFirst().first.map(String.init) ?? ""
    }

    /// Whether a component takes a flag, given without its dashes.
    func takes(_ component: ThanosComponent, _ flag: String) -> Bool {
        ThanosFlags.span(component, flag).contains(version)
    }

    /// The command line of a component: its name and those of the arguments that its version takes.
    func commandLine(_ component: ThanosComponent, _ arguments: [String]) -> [String] {
        [component.rawValue] + arguments.filter { takes(component, Self.flag(of: $0)) }
    }

    /// The flag of an argument, without dashes and value.
    private static func flag(of argument: String) -> String {
        String(argument.drop { $0 == "-" }.prefix { $0 != "=" })
    }
}
