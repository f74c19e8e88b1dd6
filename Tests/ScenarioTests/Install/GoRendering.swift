import Kube

/// Renders a template: its values, its variables and what has been written.
struct GoRendering {
    let definitions: [String: [GoTemplate.Node]]
    /// Reads a file of the chart.
    let file: (String) throws -> String
    private let root: JSON
    private var variables: [String: JSON] = [:]
    private var output = ""

    static func text(
        _ nodes: [GoTemplate.Node], _ values: JSON, definitions: [String: [GoTemplate.Node]],
        file: @escaping (String) throws -> String
    ) throws -> String {
        var rendering = GoRendering(definitions: definitions, file: file, root: values)
        try rendering.write(nodes, values)
        return rendering.output
    }

    private init(
        definitions: [String: [GoTemplate.Node]], file: @escaping (String) throws -> String, root: JSON
    ) {
        (self.definitions, self.file, self.root) = (definitions, file, root)
    }

    private mutating func write(_ nodes: [GoTemplate.Node], _ dot: JSON) throws {
        for node in nodes {
            switch node {
            case .text(let text): output += text
            case .output(let pipeline): output += try Self.printed(try value(pipeline, dot))
            case .variable(let name, let pipeline): variables[name] = try value(pipeline, dot)
            case .branches(let branches, let otherwise):
                let taken = try branches.first { Self.isTrue(try value($0.condition, dot)) }
                try write(taken?.body ?? otherwise, dot)
            case .with(let pipeline, let body, let otherwise):
                let value = try value(pipeline, dot)
                if Self.isTrue(value) { try write(body, value) } else { try write(otherwise, dot) }
            case .range(let variable, let pipeline, let body):
                for element in try value(pipeline, dot).array ?? [] {
                    if let variable { variables[variable] = element }
                    try write(body, element)
                }
            }
        }
    }

    private func value(_ pipeline: GoPipeline, _ dot: JSON) throws -> JSON {
        var result: JSON?
        for command in pipeline.commands {
            let arguments = try command.dropFirst().map { try value($0, dot) } + (result.map { [$0] } ?? [])
            if case .function(let name) = command[0] {
                result = try call(name, arguments)
            } else if case .path(_, let names) = command[0], names.suffix(2) == ["Files", "Get"] {
                result = .string(try file(arguments.first?.string ?? ""))
            } else {
                guard arguments.isEmpty else { throw GoTemplate.Fault(description: "not a function: \(command[0])") }
                result = try value(command[0], dot)
            }
        }
        return result ?? .null
    }

    private func value(_ operand: GoPipeline.Operand, _ dot: JSON) throws -> JSON {
        switch operand {
        case .literal(let value): return value
        case .function(let name): return try call(name, [])
        case .group(let pipeline, let names): return Self.member(try value(pipeline, dot), names)
        case .path(nil, let names): return Self.member(dot, names)
        case .path("$", let names): return Self.member(root, names)
        case .path(let variable?, let names):
            guard let value = variables[variable] else {
                throw GoTemplate.Fault(description: "no variable \(variable)")
            }
            return Self.member(value, names)
        }
    }

    private func call(_ name: String, _ arguments: [JSON]) throws -> JSON {
        guard name == "include" else { return try GoFunctions.call(name, arguments) }
        guard let nodes = definitions[arguments[0].string ?? ""], arguments.count == 2 else {
            throw GoTemplate.Fault(description: "no template \(arguments)")
        }
        return .string(try Self.text(nodes, arguments[1], definitions: definitions, file: file))
    }

    private static func member(_ value: JSON, _ names: [String]) -> JSON {
        names.reduce(value) { $0[$1] ?? .null }
    }

    static func isTrue(_ value: JSON) -> Bool {
        switch value {
        case .null: false
        case .bool(let value): value
        case .int(let value): value != 0
        case .double(let value): value != 0
        case .string(let text): !text.isEmpty
        case .array(let elements): !elements.isEmpty
        case .object(let members): !members.isEmpty
        }
    }

    static func printed(_ value: JSON) throws -> String {
        switch value {
        case .string(let text): return text
        case .int(let number): return "\(number)"
        case .bool(let value): return "\(value)"
        default: throw GoTemplate.Fault(description: "\(value.typeName) cannot be printed")
        }
    }
}
