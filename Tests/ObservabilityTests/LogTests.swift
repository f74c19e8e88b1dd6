import Glibc
import Kube
import Logging
import Testing

@testable import Observability

@Suite("Log records") struct LogTests {
    struct Refused: Error, CustomStringConvertible { let description = "refused by peer" }

    /// The lines that a logger writes while a closure uses it.
    func lines(_ format: LogFormat, level: Logger.Level = .debug, _ use: (inout Logger) -> Void) -> [String] {
        let lines = Locked<[String]>([])
        var logger = Logger(label: "controller.tenant") { label in
            LineLogHandler(
                label: label, format: format, level: level,
                now: { timespec(tv_sec: 1_795_253_055, tv_nsec: 7_999_999) },
                sink: { bytes in lines.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) } })
        }
        use(&logger)
        return lines.withLock { $0 }
    }

    @Test func `A record is written as one JSON object on one line`() throws {
        let written = lines(.json) { logger in
            logger[metadataKey: "tenant"] = "a"
            logger.warning(
                "line one\nline \"two\"",
                metadata: [
                    "count": .stringConvertible(3), "ok": .stringConvertible(true), "took": .stringConvertible(0.5),
                    "list": ["x", ["k": "\u{1}\u{7F}"]], "msg": "another message",
                ])
        }
        #expect(
            written == [
                #"{"level":"warn","ts":"2026-11-21T09:24:15.007Z","logger":"controller.tenant","#
                    + #""msg":"line one\nline \"two\"","count":3,"list":["x",{"k":"\u0001\u007f"}],"#
                    + #""msg_":"another message","ok":true,"tenant":"a","took":0.5}"# + "\n"
            ])
        let line = try #require(written.first)
        #expect(try JSON(parsing: line)["count"] == 3)
    }

    @Test func `A record is written as one logfmt line with quotes only where needed`() {
        let written = lines(.logfmt) { logger in
            logger.info("done", metadata: ["key": "ns/name", "a b=": "x y", "empty": "", "list": ["x"], "q": "a=b"])
        }
        #expect(
            written == [
                #"ts=2026-11-21T09:24:15.007Z level=info logger=controller.tenant msg=done a_b_="x y" empty="" "#
                    + #"key=ns/name list="[\"x\"]" q="a=b""# + "\n"
            ])
    }

    @Test func `Records below the level are omitted, and errors have the key error`() {
        let written = lines(.logfmt, level: .info) { logger in
            logger.debug("hidden")
            logger.error("failed", error: Refused())
        }
        #expect(written.count == 1)
        #expect(
            written.first?.hasSuffix("level=error logger=controller.tenant msg=failed error=\"refused by peer\"\n")
                == true)
    }

    @Test func `The lines of one reconcile have its id and its key, and other lines have none`() async throws {
        let lines = Locked<[String]>([])
        let logger = Logger(label: "l") { label in
            var handler = LineLogHandler(
                label: label, format: .logfmt, level: .info, now: { timespec(tv_sec: 0, tv_nsec: 0) },
                sink: { bytes in lines.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) } })
            handler.metadataProvider = LogContext.provider
            return handler
        }
        logger.info("before")
        for key in ["Tenant a/b", "Tenant a/c"] {
            await LogContext.reconciling(key) {
                logger.info("one")
                await Task.yield()
                logger.info("two", metadata: ["object": "o"])
            }
        }
        let found = lines.withLock { $0 }
        #expect(found.count == 5 && !found[0].contains("reconcile_id"))
        let ids = try found.dropFirst().map {
            try #require($0.firstMatch(of: /reconcile_id=([0-9a-f]{16})\b/)).output.1
        }
        #expect(ids[0] == ids[1] && ids[2] == ids[3] && ids[0] != ids[2])
        #expect(found[2].contains("key=\"Tenant a/b\" object=o reconcile_id="))
    }
}
