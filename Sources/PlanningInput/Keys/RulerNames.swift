/// The names, ports and files of the pods that evaluate rules.
package enum RulerNames {
    package static let program = "thanos-rule"
    /// The component of the pods that evaluate a tenant's rules.
    package static let tenantComponent = "tenant-ruler"
    /// The component of the pods that evaluate the platform's rules.
    package static let viewComponent = "ruler"
    package static let httpPort = 10902

    /// The name of the objects of a tenant. No view has objects of that name.
    package static func tenant(_ name: String) -> String { "\(name)-ruler" }
    /// The name of the objects of a global view.
    package static func view(_ name: String) -> String { "\(name)-rules" }

    /// The most ConfigMaps that hold rule files.
    package static let mostParts = 16
    /// The name of a ConfigMap with rule files.
    package static func part(_ index: Int, of name: String) -> String { "\(name)-\(index)" }
}
