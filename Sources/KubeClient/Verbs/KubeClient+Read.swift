import Kube

extension KubeClient {
    /// Reads one object, or one of its subresources.
    ///
    /// Throws `APIStatus` (`NotFound` where there is no such object), ``KubeClientError`` or `CancellationError`.
    public func get(_ resource: Resource, _ key: ObjectKey, subresource: String? = nil) async throws -> Object {
        let call = Call(method: "GET", path: try path(resource, key, subresource: subresource))
        return Object(try Answer.object(try await send(call), subject(call)))
    }

    /// Reads one page of a list: all of it, unless the query has a limit.
    ///
    /// Without namespace: those of all namespaces. `APIStatus` with 410 says that a continue token is too old.
    public func list(
        _ resource: Resource, namespace: String? = nil, _ query: ListQuery = ListQuery()
    ) async throws -> ObjectList {
        var call = Call(method: "GET", path: try path(resource, namespace: namespace), query: query.parameters)
        if query.metadataOnly { call.accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1" }
        let subject = subject(call)
        let json = try Answer.object(try await send(call), subject)
        let elements: [JSON]
        switch json["items"] {
        case .array(let items): elements = items
        case .null: elements = []  // Go writes an empty list so, sometimes
        default:
            throw KubeClientError(
                .badResponse, subject: subject,
                "found \(json["kind"]?.string.map { "kind \"\($0)\"" } ?? "an object") without items, expected a list",
                httpStatus: 200)
        }
        var items: [Object] = []
        items.reserveCapacity(elements.count)
        for element in elements {
            guard element.object != nil else {
                throw KubeClientError(
                    .badResponse, subject: subject, "found \(element.typeName) among the items, expected objects",
                    httpStatus: 200)
            }
            items.append(Object(resource.naming(element, always: query.metadataOnly)))
        }
        let metadata = json["metadata"]
        return ObjectList(
            items: items, continueToken: metadata?["continue"]?.string.flatMap { $0.isEmpty ? nil : $0 },
            resourceVersion: metadata?["resourceVersion"]?.string ?? "", remaining: metadata?["remainingItemCount"]?.int
        )
    }

    /// Reads a whole list, page by page.
    ///
    /// The query's limit is the size of a page, 500 if it has none. If the list grows too old on the way (410) it is read
    /// in one piece instead, as client-go's pager does.
    public func listAll(
        _ resource: Resource, namespace: String? = nil, _ query: ListQuery = ListQuery()
    ) async throws -> ObjectList {
        var query = query
        query.limit = query.limit ?? 500
        var result = try await list(resource, namespace: namespace, query)
        while let token = result.continueToken {
            query.continueToken = token
            query.resourceVersion = nil
            query.resourceVersionMatch = nil
            do {
                let page = try await list(resource, namespace: namespace, query)
                result.items += page.items
                result.continueToken = page.continueToken
                result.resourceVersion = page.resourceVersion
            } catch let status as APIStatus where status.isExpired {
                query.limit = nil
                query.continueToken = nil
                return try await list(resource, namespace: namespace, query)
            }
        }
        result.remaining = nil
        return result
    }

    /// Begins a watch and returns once the server has accepted it.
    ///
    /// Throws `APIStatus` if it does not, ``KubeClientError`` or `CancellationError`.
    public func watch(
        _ resource: Resource, namespace: String? = nil, _ query: WatchQuery = WatchQuery()
    ) async throws -> WatchEvents {
        var call = Call(method: "GET", path: try path(resource, namespace: namespace), query: query.parameters)
        if query.metadataOnly { call.accept = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1" }
        // Time to connect, and 5 s beyond the server's own end: a peer that is dead does not end anything.
        let timeout = Duration.seconds(query.timeoutSeconds) + .seconds(10)
        let stream = try await open(call, timeout: timeout)
        return WatchEvents(stream: stream, resource: query.metadataOnly ? resource : nil)
    }
}

extension Resource {
    /// An object with its `apiVersion` and `kind`, which the API server leaves out of lists, and which for metadata alone
    /// are those of PartialObjectMetadata.
    func naming(_ object: JSON, always: Bool = false) -> JSON {
        guard always || object["kind"] == nil || object["apiVersion"] == nil else { return object }
        var members: JSON.Members = ["apiVersion": .string(apiVersion), "kind": .string(kind)]
        for (key, value) in object.object ?? [:] where members[key] == nil { members[key] = value }
        return .object(members)
    }
}
