// The power of the machine as it changes:  swiftc watts.swift && ./watts "$(actopctl socket)"
import Foundation

struct Line: Decodable {
    let type: String
    let v: [String: Double?]?
}

let path = CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : ""
let s = socket(AF_UNIX, SOCK_STREAM, 0)
var address = sockaddr_un()
address.sun_family = sa_family_t(AF_UNIX)
withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
let rc = withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(s, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
}
guard rc == 0, let answers = fdopen(s, "r") else { perror("actopd"); exit(1) }
let question = #"{"op":"subscribe","metrics":["package_watts"],"last_ms":5000}"# + "\n"
write(s, question, question.utf8.count)

var text: UnsafeMutablePointer<CChar>?
var room = 0
while getline(&text, &room, answers) > 0, let text {
    let line = try JSONDecoder().decode(Line.self, from: Data(bytes: text, count: strlen(text)))
    guard line.type == "sample", let watts = line.v?["package_watts"] else { continue }
    print(watts.map { String(format: "%.2f W", $0) } ?? "not known")
}
exit(1)  // the daemon has ended; ask again with "after" and the last EPOCH:SEQ
