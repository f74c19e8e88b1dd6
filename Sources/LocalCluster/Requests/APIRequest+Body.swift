import Kube
import YAML

extension APIRequest {
    /// The media type of the body, without parameters.
    var mediaType: String { String(contentType.prefix { $0 != ";" }.filter { $0 != " " }) }

    /// The body of a write, as JSON, YAML or protobuf. Throws 415 for other media types and 400 if it cannot be read.
    func json() throws(APIStatus) -> JSON {
        switch mediaType {
        case "", "application/json": return try parsedJSON()
        case "application/yaml": return try parsedYAML()
        case "application/vnd.kubernetes.protobuf":
            if let object = Protobuf.object(body) { return object }
        default: break
        }
        throw .unsupportedMediaType(
            "the body of the request was in an unknown format - accepted media types include: application/json, "
                + "application/yaml")
    }

    /// The body of a patch: YAML for apply, JSON for all others.
    func patch() throws(APIStatus) -> JSON {
        mediaType.hasSuffix("yaml") ? try parsedYAML() : try parsedJSON()
    }

    private func parsedJSON() throws(APIStatus) -> JSON {
        do throws(JSONSyntaxError) {
            return try JSON(parsing: body)
        } catch {
            throw .badRequest("the object provided is unrecognized (must be of type JSON): \(error)")
        }
    }

    private func parsedYAML() throws(APIStatus) -> JSON {
        if let json = try? JSON(parsing: body) { return json }  // JSON is YAML, and faster to read
        do throws(YAMLError) {
            return try YAML.parseOne(body).value
        } catch {
            throw .badRequest("error decoding YAML: \(error)")
        }
    }
}
