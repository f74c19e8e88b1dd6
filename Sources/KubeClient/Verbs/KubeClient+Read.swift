import Kube

extension KubeClient {
    /// Reads one object, or one of its subresources.
    ///
    /// Throws `APIStatus` (`NotFound` if the object does not exist), ``KubeClientError`` or `CancellationError`.
    public func get(_ resource: Resource, _ key: ObjectKey, subresource: String? = nil) async throws -> Object {
        let call = Call(method: "GET", path: try path(resource, key, subresource: subresource))
        return Object(try await send(call).object(subject(call)))
    }

    /// Reads one page of a list, which is the whole list unless the query has a limit.
    ///
    /// Without a namespace, the list covers all namespaces. Throws `APIStatus` with 410 if a continue token has
    /// expired, ``KubeClientError`` or `CancellationError`.
    public func list(
        _ resource: Resource, namespace: String? = nil, _ query: ListQuery = ListQuery()
    ) async throws -> ObjectList {
        var call = Call(method: "GET", path: try path(resource, namespace: namespace), query: query.parameters)
        if query.metadataOnly { call.accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1" }
        let subject = subject(call)
        let json = try await send(call).object(subject)
        let elements: [JSON]
        switch json["items"] {
        case .array(let items): elements = items
        case .null: elements = []  // Go sometimes writes an empty list as null
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

    /// Reads a whole list page by page.
    ///
    /// The limit of the query is the size of a page, 500 by default. If the list expires in between (410), it is read
    /// again in one piece, as the pager of client-go does.
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

    /// Starts a watch and returns when the server has accepted it.
    ///
    /// Throws `APIStatus` if the server refuses, ``KubeClientError`` or `CancellationError`.
    public func watch(
        _ resource: Resource, namespace: String? = nil, _ query: WatchQuery = WatchQuery()
    ) async throws -> WatchEvents {
        var call = Call(method: "GET", path: try path(resource, namespace: namespace), query: query.parameters)
        if query.metadataOnly { call.accept = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1" }
        // 5 s to connect, and 5 s beyond the end of the watch on the server: a dead peer does not end it.
        let timeout = Duration.seconds(query.timeoutSeconds) + .seconds(10)
        let transfer = WatchTransfer(
            try await openTransfer(call, timeout: timeout), subject: subject(call),
            maximumEventSize: options.maximumEventSize, silence: options.watchSilence)
        return WatchEvents(transfer: transfer, resource: query.metadataOnly ? resource : nil)
    }
}
