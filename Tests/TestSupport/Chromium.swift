import FoundationEssentials

#if canImport(Glibc)
import Glibc
#endif
public import Kube

/// Chromium without a screen and with one page, which a test drives by the DevTools protocol through two named pipes.
public actor Chromium {
    /// The program; nil if it is not installed.
    public static let path = ChildProcess.find("chromium") ?? ChildProcess.find("chromium-browser")

    private let directory: TemporaryDirectory
    private let process: ChildProcess
    private let commands: Int32
    private let answers: Int32
    private var received: [UInt8] = []
    private var session: String?
    private var number = 0
    /// The events so far.
    public private(set) var events: [JSON] = []

    /// Lets a test use a new browser with an empty profile, and ends it afterwards.
    public static func with(_ body: (Chromium) async throws -> Void) async throws {
        guard let path else { throw WaitingError(description: "Chromium is not installed") }
        let browser = try Chromium(path)
        let result: Result<Void, any Error>
        do {
            try await browser.open()
            result = .success(try await body(browser))
        } catch {
            let log = browser.process.log.suffix(2000)
            result = .failure(WaitingError(description: "\(error)\n\(log)"))
        }
        await browser.end()
        try result.get()
    }

    private init(_ path: String) throws {
        directory = try TemporaryDirectory()
        let (input, output) = (directory.path("commands"), directory.path("answers"))
        guard mkfifo(input, 0o600) == 0, mkfifo(output, 0o600) == 0 else {
            throw WaitingError(description: "cannot create named pipes")
        }
        // For reading and writing, so that opening waits for nobody.
        commands = Glibc.open(input, O_RDWR | O_CLOEXEC)
        answers = Glibc.open(output, O_RDWR | O_CLOEXEC | O_NONBLOCK)
        process = try ChildProcess(
            "/bin/sh",
            [
                "-c", #"exec "$0" "$@" 3<"$COMMANDS" 4>"$ANSWERS""#, path, "--headless=new", "--no-sandbox",
                "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--force-color-profile=srgb",
                "--user-data-dir=\(directory.path("profile"))", "--remote-debugging-pipe", "about:blank",
            ], environment: ["COMMANDS": input, "ANSWERS": output, "HOME": directory.root],
            logPath: directory.path("log"))
    }

    private func open() async throws {
        let targets = try await call("Target.getTargets")["targetInfos"]?.array ?? []
        var page = targets.first { $0["type"] == "page" }?["targetId"]?.string
        if page == nil { page = try await call("Target.createTarget", ["url": "about:blank"])["targetId"]?.string }
        let attached = try await call(
            "Target.attachToTarget", ["targetId": JSON(page ?? ""), "flatten": true])
        session = attached["sessionId"]?.string
        for domain in ["Page", "Runtime", "Log", "Network"] { _ = try await call("\(domain).enable") }
    }

    private func end() async {
        await process.stop(patience: .seconds(3))
        close(commands)
        close(answers)
        directory.remove()
    }

    /// Calls a method, and waits for its result.
    @discardableResult
    public func call(_ method: String, _ parameters: JSON = [:]) async throws -> JSON {
        number += 1
        let id = number
        var message: JSON = ["id": JSON(id), "method": JSON(method), "params": parameters]
        message["sessionId"] = session.map { JSON($0) }
        try send(Array(message.text().utf8) + [0])
        let end = ContinuousClock.now + Self.patience
        while ContinuousClock.now < end, process.isRunning {
            var answer: JSON?
            for message in receive() {
                if message["id"]?.int == id { answer = message } else { events.append(message) }
            }
            if let error = answer?["error"] { throw WaitingError(description: "\(method): \(error.text())") }
            if let answer { return answer["result"] ?? [:] }
            try await Task.sleep(for: .milliseconds(2))
        }
        throw WaitingError(description: "Chromium did not answer \(method)")
    }

    private static let patience = Duration.seconds(90)

    /// The value of a JavaScript expression, which may be a promise.
    public func evaluate(_ expression: String) async throws -> JSON {
        let answer = try await call(
            "Runtime.evaluate",
            ["expression": JSON(expression), "returnByValue": true, "awaitPromise": true, "userGesture": true])
        if let problem = answer["exceptionDetails"] { throw WaitingError(description: problem.text()) }
        return answer["result", "value"] ?? .null
    }

    /// Waits until a JavaScript expression is true.
    public func waitUntilTrue(_ expression: String) async throws {
        let end = ContinuousClock.now + Self.patience
        // There may be no document yet.
        while await (try? evaluate(expression)) != true {
            guard ContinuousClock.now < end else {
                let text = try await evaluate("document.body.innerText")
                throw WaitingError(description: "\"\(expression)\" did not become true\n\(text.string ?? "")")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Opens a page.
    public func open(_ url: String) async throws { try await call("Page.navigate", ["url": JSON(url)]) }

    /// Sets the size of the window.
    public func resize(_ width: Int, _ height: Int, isPhone: Bool = false) async throws {
        try await call(
            "Emulation.setDeviceMetricsOverride",
            [
                "width": JSON(width), "height": JSON(height), "deviceScaleFactor": 1, "mobile": .bool(isPhone),
            ])
    }

    /// Prefers light or dark colours.
    public func prefer(_ scheme: String) async throws {
        try await call(
            "Emulation.setEmulatedMedia",
            ["features": [["name": "prefers-color-scheme", "value": JSON(scheme)]]])
    }

    /// Presses a key, such as `Tab`.
    public func press(_ key: String, code: Int) async throws {
        for type in ["rawKeyDown", "keyUp"] {
            try await call(
                "Input.dispatchKeyEvent",
                ["type": JSON(type), "key": JSON(key), "code": JSON(key), "windowsVirtualKeyCode": JSON(code)])
        }
    }

    /// A picture of the page as PNG: what is in the window, or all of it.
    public func picture(isWhole: Bool = false) async throws -> [UInt8] {
        let answer = try await call(
            "Page.captureScreenshot", ["format": "png", "captureBeyondViewport": .bool(isWhole)])
        return Array(Data(base64Encoded: answer["data"]?.string ?? "") ?? Data())
    }

    private func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(commands, $0.baseAddress, $0.count) }
            guard count > 0 else { throw WaitingError(description: "cannot write to Chromium") }
            rest = rest.dropFirst(count)
        }
    }

    /// The messages that have come, each of which ends with a zero byte.
    private func receive() -> [JSON] {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = read(answers, &chunk, chunk.count), count > 0 { received += chunk[..<count] }
        var messages: [JSON] = []
        while let end = received.firstIndex(of: 0) {
            if let message = try? JSON(parsing: Array(received[..<end])) { messages.append(message) }
            received.removeSubrange(...end)
        }
        return messages
    }
}
