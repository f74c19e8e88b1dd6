import TestSupport
import Testing

extension Story {
    /// Starts an S3 server with an empty bucket, and returns its address.
    func startS3(bucket: String) async throws -> String {
        let port = try freePort()
        let address = "127.0.0.1:\(port)"
        let program = try #require(InstalledPrograms.motoServer)
        let server = try start("s3", program, ["-H", "127.0.0.1", "-p", "\(port)"])
        try await QueryAPI.untilReady("http://\(address)/moto-api/", server)
        try await eventually("there is a bucket") {
            try await curl(["-X", "PUT", "http://\(address)/\(bucket)"]).code == 200
        }
        return address
    }
}
