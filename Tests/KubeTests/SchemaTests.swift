import Kube
import Testing

@Suite struct `Schemas` {
    func errors(_ schema: JSON, _ value: JSON) throws -> [String] {
        try Schema(json: ["type": "object", "properties": ["f": schema]]).validate(["f": value]).map(\.description)
    }

    @Test(
        arguments: [
            (["type": "integer"], "x", ["f: Invalid value: \"string\": f in body must be of type integer: \"string\""]),
            (["type": "integer"], 1.5, ["f: Invalid value: \"number\": f in body must be of type integer: \"number\""]),
            (["type": "integer"], nil, ["f: Invalid value: \"null\": f in body must be of type integer: \"null\""]),
            (["type": "integer"], JSON.double(2), []), (["type": "number"], 2, []),
            (["type": "string", "nullable": true], nil, []),
            (["type": "integer", "format": "int32"], 2_147_483_647, []),
            (
                ["type": "integer", "format": "int32"], 2_147_483_648,
                ["f: Invalid value: \"\": Checked value must be of type integer with format int32 in f"]
            ),
            (["type": "integer", "enum": [1, 2]], 3, ["f: Unsupported value: 3: supported values: \"1\", \"2\""]),
            (["type": "string", "format": "duration"], "2 days", []),
            (
                ["type": "string"], ["a": 1],
                ["f: Invalid value: \"object\": f in body must be of type string: \"object\""]
            ),
            (
                ["type": "integer", "minimum": 1, "maximum": 3], 0,
                ["f: Invalid value: 0: f in body should be greater than or equal to 1"]
            ),
            (
                ["type": "integer", "minimum": 1, "maximum": 3], 4,
                ["f: Invalid value: 4: f in body should be less than or equal to 3"]
            ),
            (
                ["type": "number", "minimum": 1, "exclusiveMinimum": true], 1,
                ["f: Invalid value: 1: f in body should be greater than 1"]
            ),
            (
                ["type": "number", "maximum": 1, "exclusiveMaximum": true], 1,
                ["f: Invalid value: 1: f in body should be less than 1"]
            ),
            (["type": "integer", "multipleOf": 5], 7, ["f: Invalid value: 7: f in body should be a multiple of 5"]),
            (
                ["type": "string", "minLength": 1], "",
                ["f: Invalid value: \"\": f in body should be at least 1 chars long"]
            ),
            (["type": "string", "maxLength": 2], "éé", []),
            (["type": "string", "maxLength": 2], "abc", ["f: Too long: may not be more than 2 bytes"]),
            (
                ["type": "string", "pattern": "^[a-z]+$"], "a1",
                ["f: Invalid value: \"a1\": f in body should match '^[a-z]+$'"]
            ),
            (
                ["type": "string", "pattern": "^[a-z]+$"], "a\n",
                ["f: Invalid value: \"a\\n\": f in body should match '^[a-z]+$'"]
            ),
            (["type": "string", "pattern": "b"], "abc", []),
            (["type": "string", "pattern": "^\\d$"], "٣", ["f: Invalid value: \"٣\": f in body should match '^\\d$'"]),
            (["type": "string", "pattern": "^(?:[a-z0-9]([-a-z0-9]*[a-z0-9])?)$"], "a-b", []),
            (
                ["type": "string", "enum": ["a", "b"]], "c",
                ["f: Unsupported value: \"c\": supported values: \"a\", \"b\""]
            ),
            (
                ["type": "string", "format": "date-time"], "x",
                ["f: Invalid value: \"x\": f in body must be of type date-time: \"x\""]
            ),
            (["type": "string", "format": "date-time"], "2026-11-21T09:20:00Z", []),
            (["type": "string", "format": "duration"], "1h30m", []),
            (
                ["type": "string", "format": "duration"], "x",
                ["f: Invalid value: \"x\": f in body must be of type duration: \"x\""]
            ),
            (["type": "string", "format": "quantity"], "anything", []),
            (["x-kubernetes-int-or-string": true], 1, []), (["x-kubernetes-int-or-string": true], "1", []),
            (
                ["x-kubernetes-int-or-string": true], true,
                ["f: Invalid value: \"boolean\": f in body must be of type integer,string: \"boolean\""]
            ),
            (
                ["type": "array", "minItems": 1, "items": ["type": "string"]], [],
                ["f: Invalid value: 0: f in body should have at least 1 items"]
            ),
            (
                ["type": "array", "maxItems": 1, "items": ["type": "string"]], ["a", "b"],
                ["f: Too many: 2: must have at most 1 item"]
            ),
            (
                ["type": "array", "items": ["type": "string"]], ["a", 1],
                ["f[1]: Invalid value: \"integer\": f[1] in body must be of type string: \"integer\""]
            ),
            (
                ["type": "array", "x-kubernetes-list-type": "set", "items": ["type": "string"]], ["a", "b", "a", "a"],
                ["f[2]: Duplicate value: \"a\""]
            ),
            (
                ["type": "object", "maxProperties": 1, "additionalProperties": ["type": "string"]], ["a": "x", "b": 1],
                [
                    "f: Too many: 2: must have at most 1 item",
                    "f.b: Invalid value: \"integer\": f.b in body must be of type string: \"integer\"",
                ]
            ),
            (
                ["type": "object", "required": ["a"], "properties": ["a": ["type": "string"]]], [:],
                ["f.a: Required value"]
            ),
            (
                ["anyOf": [["type": "string"], ["type": "integer"]]], true,
                [
                    "f: Invalid value: \"\": \"f\" must validate at least one schema (anyOf)",
                    "f: Invalid value: \"boolean\": f in body must be of type string: \"boolean\"",
                ]
            ),
            (
                ["oneOf": [["required": ["a"]], ["required": ["b"]]]], ["a": 1, "b": 1],
                [
                    "f: Invalid value: \"\": \"f\" must validate one and only one schema (oneOf). Found 2 valid alternatives"
                ]
            ),
            (
                ["not": ["required": ["a"]]], ["a": 1],
                ["f: Invalid value: \"\": \"f\" must not validate the schema (not)"]
            ),
        ] as [(JSON, JSON, [String])])
    func `A value that does not fit is refused with the API server's message`(
        schema: JSON, value: JSON, expected: [String]
    ) throws {
        #expect(try errors(schema, value) == expected)
    }

    @Test func `Two elements of a keyed list with the same key are refused`() throws {
        let schema: JSON = [
            "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
            "items": ["type": "object", "properties": ["name": ["type": "string"]]],
        ]
        #expect(
            try errors(schema, [["name": "a"], ["name": "b"], ["name": "a"]]) == [
                "f[2]: Duplicate value: {\"name\":\"a\"}"
            ])
        #expect(
            try errors(schema, ["x"]).last
                == "f[0]: Invalid value: \"x\": must be an object for an array of list-type map")
    }

    @Test func `A schema that names a list key twice is used as if it named it once`() throws {
        let schema: JSON = [
            "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name", "name"],
            "items": ["type": "object", "properties": ["name": ["type": "string"]]],
        ]
        #expect(try errors(schema, [["name": "a"], ["name": "a"]]) == ["f[1]: Duplicate value: {\"name\":\"a\"}"])
    }

    @Test(
        arguments: [
            (["type": "thing"], "type: \"thing\" should be object, array, string, integer, number or boolean"),
            (["properties": ["a": ["pattern": "("]]], "properties.a.pattern: the pattern \"(\" cannot be used"),
            (["minLength": -1], "minLength: -1 should be an integer of at least 0"),
            (["required": [1]], "required: [1] should be a list of strings"),
            (["x-kubernetes-validations": [["message": "x"]]], "x-kubernetes-validations[0].rule: is required"),
        ] as [(JSON, String)])
    func `A wrong schema is refused with the path of the mistake`(json: JSON, message: String) {
        do throws(FieldError) {
            _ = try Schema(json: json)
            Issue.record("the schema was accepted")
        } catch {
            #expect(error.description.hasPrefix(message))
        }
    }

    @Test func `A schema survives a round trip`() throws {
        let json: JSON = [
            "type": "object", "description": "d", "required": ["a"], "example": 1, "minProperties": 1,
            "properties": [
                "a": [
                    "type": "array", "items": ["type": "string", "enum": ["x"]], "x-kubernetes-list-type": "atomic",
                ],
                "b": ["x-kubernetes-int-or-string": true, "anyOf": [["type": "integer"], ["type": "string"]]],
                "c": [
                    "type": "object", "additionalProperties": true, "x-kubernetes-map-type": "atomic", "nullable": true,
                ],
                "d": ["type": "number", "minimum": 0.5, "maximum": 3, "default": 1, "not": ["enum": [2]]],
            ],
            "x-kubernetes-validations": [["rule": "self.a == 1", "message": "m", "optionalOldSelf": true]],
        ]
        let schema = try Schema(json: json)
        #expect(schema.json == json)
        #expect(try Schema(json: schema.json) == schema)
    }

    @Test func `Defaults are filled in, including those inside defaults and list elements`() throws {
        let schema = try Schema(json: [
            "type": "object",
            "properties": [
                "a": [
                    "type": "object", "default": [:],
                    "properties": ["b": ["type": "integer", "default": 1], "c": ["type": "string"]],
                ],
                "list": [
                    "type": "array",
                    "items": ["type": "object", "properties": ["p": ["type": "string", "default": "TCP"]]],
                ],
                "map": [
                    "type": "object", "additionalProperties": ["type": "object", "properties": ["x": ["default": 1]]],
                ],
                "n": ["type": "string", "nullable": true, "default": "d"], "m": ["type": "string", "default": "d"],
                "o": ["type": "string"],
            ],
        ])
        #expect(
            schema.defaulting(["list": [["p": "UDP"], [:]], "map": ["k": [:]], "n": nil, "m": nil, "o": nil]) == [
                "a": ["b": 1], "list": [["p": "UDP"], ["p": "TCP"]], "map": ["k": ["x": 1]], "n": nil, "m": "d",
            ])
        #expect(schema.defaulting(["a": ["b": 2]]) == ["a": ["b": 2], "n": "d", "m": "d"])
    }

    @Test func `Unknown fields are pruned and reported`() throws {
        let schema = try Schema(json: [
            "type": "object",
            "properties": [
                "spec": [
                    "type": "object",
                    "properties": [
                        "a": ["type": "string"],
                        "free": [
                            "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                            "properties": ["x": ["type": "object"]],
                        ],
                        "list": [
                            "type": "array", "items": ["type": "object", "properties": ["n": ["type": "string"]]],
                        ],
                        "object": ["type": "object", "x-kubernetes-embedded-resource": true],
                        "labels": ["type": "object", "additionalProperties": ["type": "string"]],
                    ],
                ]
            ],
        ])
        let (pruned, unknown) = schema.pruning([
            "apiVersion": "v1", "kind": "K", "metadata": ["name": "x", "whatever": 1], "extra": 1,
            "spec": [
                "a": "x", "b": 1, "free": ["y": ["z": 1], "x": ["w": 1]], "list": [["n": "a", "m": 1]],
                "object": ["apiVersion": "v1", "kind": "K", "metadata": [:], "spec": [:]], "labels": ["a.b/c": "d"],
            ],
        ])
        #expect(
            pruned == [
                "apiVersion": "v1", "kind": "K", "metadata": ["name": "x", "whatever": 1],
                "spec": [
                    "a": "x", "free": ["y": ["z": 1], "x": [:]], "list": [["n": "a"]],
                    "object": ["apiVersion": "v1", "kind": "K", "metadata": [:]], "labels": ["a.b/c": "d"],
                ],
            ])
        #expect(
            unknown.map(\.description) == ["extra", "spec.b", "spec.free.x.w", "spec.list[0].m", "spec.object.spec"])
    }

    @Test func `An embedded resource needs its kind and version`() throws {
        let schema: JSON = [
            "type": "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true,
        ]
        #expect(try errors(schema, ["kind": "K"]) == ["f.apiVersion: Required value"])
    }

    @Test func `Schemas can be built in code`() throws {
        let schema = Schema.object(
            [
                "name": .string("the name").with { $0.minLength = 1 }, "ports": .array(of: .integer(format: "int32")),
                "labels": .map(of: .string()), "port": .intOrString(), "raw": .anyObject(), "on": .boolean(),
            ], required: ["name"])
        #expect(
            schema.validate(["name": "a", "ports": [1], "labels": ["a": "b"], "port": "http", "raw": ["x": 1]]) == [])
        #expect(schema.validate(["ports": ["x"]]).count == 2)
        #expect(try Schema(json: schema.json) == schema)
    }
}
