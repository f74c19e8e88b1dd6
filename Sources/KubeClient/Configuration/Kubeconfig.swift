import Kube
import YAML

/// One or several merged kubeconfigs: named clusters, users and contexts, each with its position in a file.
///
/// Files are merged as in client-go: of entries with the same name, and of current contexts, the first wins.
struct Kubeconfig {
    /// A kubeconfig file.
    struct File {
        var path: String
        var document: YAMLDocument

        /// The folder of the file, the base of relative paths in it.
        var folder: String {
            guard let slash = path.lastIndex(of: "/") else { return "." }
            return slash == path.startIndex ? "/" : String(path[..<slash])
        }
    }

    /// A value in a file, with its path in it.
    struct Node {
        var value: JSON
        var path: FieldPath
        var file: File

        func fail(_ problem: String) -> KubeClientError {
            let position = file.document.position(of: path).map { ":\($0)" } ?? ""
            return KubeClientError(.configuration, subject: "kubeconfig \(file.path)\(position)", "\(path): \(problem)")
        }

        /// A member; nil if it is missing or null.
        subscript(key: String) -> Node? {
            guard let member = value[key], !member.isNull else { return nil }
            return Node(value: member, path: path.appending(key), file: file)
        }

        /// A string member; nil if it is missing or empty.
        func text(_ key: String) throws(KubeClientError) -> String? {
            guard let node = self[key] else { return nil }
            guard let text = node.value.string else {
                throw node.fail("found \(node.value.typeName), expected a string")
            }
            return text.isEmpty ? nil : text
        }

        /// A boolean member; false if it is missing.
        func flag(_ key: String) throws(KubeClientError) -> Bool {
            guard let node = self[key] else { return false }
            guard let flag = node.value.bool else {
                throw node.fail("found \(node.value.typeName), expected true or false")
            }
            return flag
        }

        /// An object member; nil if it is missing.
        func object(_ key: String) throws(KubeClientError) -> Node? {
            guard let node = self[key] else { return nil }
            guard node.value.object != nil else { throw node.fail("found \(node.value.typeName), expected an object") }
            return node
        }

        /// The elements of a list member; empty if it is missing.
        func list(_ key: String) throws(KubeClientError) -> [Node] {
            guard let node = self[key] else { return [] }
            guard let elements = node.value.array else {
                throw node.fail("found \(node.value.typeName), expected a list")
            }
            return elements.enumerated().map { index, element in
                Node(value: element, path: node.path.appending(index), file: file)
            }
        }

        /// The elements of a member that is a list of strings; empty if it is missing.
        func texts(_ key: String) throws(KubeClientError) -> [String] {
            var texts: [String] = []
            for node in try list(key) {
                guard let text = node.value.string else {
                    throw node.fail("found \(node.value.typeName), expected a string")
                }
                texts.append(text)
            }
            return texts
        }
    }

    private(set) var currentContext: String?
    private(set) var contexts: [String: Node] = [:]
    private(set) var clusters: [String: Node] = [:]
    private(set) var users: [String: Node] = [:]
    private(set) var files: [String] = []

    /// Reads and merges files. Throws ``KubeClientError`` with the file, the line and the field.
    init(files paths: [String]) throws(KubeClientError) {
        for path in paths { try merge(try Self.read(path)) }
    }

    /// The name for messages.
    var name: String { "kubeconfig \(files.joined(separator: ":"))" }

    private static func read(_ path: String) throws(KubeClientError) -> File {
        let bytes = try FileReading.read(path, as: "kubeconfig")
        let documents: [YAMLDocument]
        do {
            documents = try YAML.parse(bytes, file: path)
        } catch {
            throw KubeClientError(
                .configuration, subject: "kubeconfig \(path):\(error.position)", "not valid YAML: \(error.reason)")
        }
        guard documents.count <= 1 else {
            throw KubeClientError(
                .configuration, subject: "kubeconfig \(path)", "found \(documents.count) YAML documents, expected one")
        }
        return File(path: path, document: documents.first ?? YAMLDocument([:]))
    }

    private mutating func merge(_ file: File) throws(KubeClientError) {
        files.append(file.path)
        let root = Node(value: file.document.value, path: FieldPath(), file: file)
        guard root.value.object != nil else {
            throw root.fail("found \(root.value.typeName), expected a kubeconfig with clusters, users and contexts")
        }
        if let kind = try root.text("kind"), kind != "Config" {
            throw root.fail("found kind \"\(kind)\", expected Config")
        }
        if currentContext == nil { currentContext = try root.text("current-context") }
        try merge(root, "contexts", "context", into: &contexts)
        try merge(root, "clusters", "cluster", into: &clusters)
        try merge(root, "users", "user", into: &users)
    }

    private func merge(
        _ root: Node, _ list: String, _ member: String, into entries: inout [String: Node]
    ) throws(KubeClientError) {
        for node in try root.list(list) {
            guard let name = try node.text("name") else { throw node.fail("has no name") }
            let value = try node.object(member) ?? Node(value: [:], path: node.path.appending(member), file: root.file)
            if entries[name] == nil { entries[name] = value }
        }
    }
}
