import Kube
import Planning
import PlanningInput
import Testing

@testable import Operator

/// Which pods of agents are asked, and when. There is no clock but the tests' own.
@Suite("Asking agents what they send")
struct DeliveryStateMachineTests {
    private static let agent = ObjectKey(namespace: "a", name: "x")
    private static let endpoint = AgentEndpoint(scheme: "http", port: 9090, prefix: "/p", pods: 2)

    private static func key(_ number: Int) -> ObjectKey { ObjectKey(namespace: "a", name: "x-agent-\(number)") }

    private static func pod(_ number: Int, of agent: ObjectKey = agent, uid: String = "u") -> DeliveryStateMachine.Pod {
        DeliveryStateMachine.Pod(agent: agent, address: "10.0.0.\(number)", uid: uid)
    }

    /// Runs until a time and answers each question after a tenth of a second; returns when each pod was asked.
    private static func asked(
        _ machine: inout DeliveryStateMachine, from start: Duration = .zero, until end: Duration,
        _ finding: Result<PodDelivery?, AgentMetrics.Problem> = .success(PodDelivery(.sending))
    ) -> [(pod: ObjectKey, at: Duration)] {
        var asked: [(pod: ObjectKey, at: Duration)] = []
        var now = start
        while now < end {
            let step = machine.next(now: now)
            #expect(step.questions.count <= DeliveryStateMachine.Polls.mostAtOnce)
            for question in step.questions {
                asked.append((question.place, now))
                _ = machine.found(finding, for: question)
            }
            let rest = step.questions.isEmpty ? step.at : now + .milliseconds(100)
            guard let next = rest else { break }
            #expect(next > now, "it never asks to be woken in the past")
            now = max(next, now + .milliseconds(1))
        }
        return asked
    }

    @Test func `A new pod is asked within seconds, and then once a minute`() {
        var machine = DeliveryStateMachine()
        _ = machine.set(Self.key(0), Self.pod(1), now: .seconds(7))
        #expect(machine.next(now: .seconds(7)) == .init(), "its agent is not known yet")
        #expect(machine.follow(Self.agent, Self.endpoint, now: .seconds(7)) == true)
        let times = Self.asked(&machine, from: .seconds(7), until: .seconds(400)).map(\.at)
        #expect(times.count == 7)
        #expect(times.first.map { $0 >= .seconds(7) && $0 <= .seconds(13) } == true)
        for (one, next) in zip(times, times.dropFirst()) { #expect(next - one == .seconds(60)) }
    }

    @Test func `Many pods are spread over the minute, and each is asked once`() {
        var machine = DeliveryStateMachine()
        _ = machine.follow(Self.agent, Self.endpoint, now: .zero)
        for number in 0..<600 { _ = machine.set(Self.key(number), Self.pod(number % 250), now: .zero) }
        let asked = Self.asked(&machine, until: .seconds(65)).filter { $0.at >= .seconds(5) }
        #expect(Set(asked.map(\.pod)).count == 600)
        #expect(asked.count == 600)
        let bySecond = Dictionary(grouping: asked) { Int($0.at / .seconds(1)) }
        #expect(bySecond.values.map(\.count).max() ?? 0 <= 12, "no second has more than its share")
    }

    @Test func `Nothing is asked without agents, nor of pods that are gone or of agents that are not to be asked`() {
        var machine = DeliveryStateMachine()
        #expect(machine.next(now: .seconds(1)) == .init())
        _ = machine.follow(Self.agent, Self.endpoint, now: .zero)
        #expect(machine.next(now: .seconds(100)) == .init())
        _ = machine.set(Self.key(0), Self.pod(1), now: .seconds(100))
        _ = machine.set(Self.key(0), nil, now: .seconds(101))
        #expect(Self.asked(&machine, from: .seconds(101), until: .seconds(300)).isEmpty)
        _ = machine.set(Self.key(0), Self.pod(1), now: .seconds(300))
        #expect(machine.follow(Self.agent, nil, now: .seconds(301)) == true)
        #expect(machine.follow(Self.agent, nil, now: .seconds(301)) == false)
        #expect(Self.asked(&machine, from: .seconds(301), until: .seconds(500)).isEmpty)
    }

    @Test func `An answer that is new is told once, and the cause stays while the log does not say another`() {
        var machine = DeliveryStateMachine()
        _ = machine.follow(Self.agent, Self.endpoint, now: .zero)
        _ = machine.set(Self.key(0), Self.pod(1), now: .zero)
        var failing = PodDelivery(.notSending, remoteWrite: "a")
        failing.cause = PodDelivery.Cause("HostNotFound", "m: no such host")
        let silent = PodDelivery(.notSending, remoteWrite: "a")
        var told: [PodDelivery.State] = []
        var now = Duration.zero
        for finding in [failing, failing, silent, PodDelivery(.sending), PodDelivery(.sending)] {
            now += .seconds(60)
            for question in machine.next(now: now).questions {
                guard let news = machine.found(.success(finding), for: question) else { continue }
                #expect(news.agent == Self.agent)
                told.append(news.delivery.state)
            }
        }
        #expect(told == [.notSending, .sending])
    }

    @Test func `An agent that comes back with its pods is told anew what they do`() {
        var machine = DeliveryStateMachine()
        _ = machine.set(Self.key(0), Self.pod(1), now: .zero)
        var told = 0
        for time in [Duration.zero, .seconds(600)] {
            _ = machine.follow(Self.agent, Self.endpoint, now: time)
            for question in machine.next(now: time + .seconds(60)).questions {
                if machine.found(.success(PodDelivery(.sending)), for: question) != nil { told += 1 }
            }
            _ = machine.follow(Self.agent, nil, now: time + .seconds(61))
        }
        #expect(told == 2)
    }

    @Test func `A pod that does not answer is told after the third time, and again once it answers`() {
        var machine = DeliveryStateMachine()
        _ = machine.follow(Self.agent, Self.endpoint, now: .zero)
        _ = machine.set(Self.key(0), Self.pod(1), now: .zero)
        var told: [String] = []
        var now = Duration.zero
        for look in 1...6 {
            now += .seconds(60)
            let finding: Result<PodDelivery?, AgentMetrics.Problem> =
                look < 6 ? .failure(.init(description: "refused \(look)")) : .success(PodDelivery(.sending))
            for question in machine.next(now: now).questions {
                guard let news = machine.found(finding, for: question) else { continue }
                told.append("\(look) \(news.delivery.state) \(news.delivery.cause?.message ?? "")")
            }
        }
        #expect(told == ["3 silent refused 3", "6 sending "])
    }

    @Test func `The answer of a pod that was replaced meanwhile does not count`() {
        var machine = DeliveryStateMachine()
        _ = machine.follow(Self.agent, Self.endpoint, now: .zero)
        _ = machine.set(Self.key(0), Self.pod(1), now: .zero)
        let questions = machine.next(now: .seconds(60)).questions
        #expect(
            questions.map { machine.request(for: $0.place) } == [.init(endpoint: Self.endpoint, address: "10.0.0.1")])
        _ = machine.set(Self.key(0), Self.pod(2, uid: "v"), now: .seconds(60))
        for question in questions {
            #expect(machine.found(.success(PodDelivery(.sending)), for: question) == nil)
        }
        #expect(machine.request(for: Self.key(0))?.address == "10.0.0.2")
    }

    @Test func `What was asked when asking stopped is asked again`() {
        var machine = DeliveryStateMachine()
        _ = machine.follow(Self.agent, Self.endpoint, now: .zero)
        _ = machine.set(Self.key(0), Self.pod(1), now: .zero)
        #expect(machine.next(now: .seconds(60)).questions.count == 1)
        machine.stop(now: .seconds(61))
        #expect(machine.next(now: .seconds(61)).questions.count == 1)
    }

    @Test func `The URL has the prefix of the agent's web server, and no address that is none`() {
        #expect(Self.endpoint.url(of: "/metrics", at: "10.0.0.1") == "http://10.0.0.1:9090/p/metrics")
        #expect(Self.endpoint.url(of: "/metrics", at: "fd00::1") == "http://[fd00::1]:9090/p/metrics")
        #expect(Self.endpoint.url(of: "/metrics", at: "evil/../") == nil)
    }
}
