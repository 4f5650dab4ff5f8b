// The relay without Node.js and without a thread, for a fuzzer that sees what is covered (libFuzzer): an input is a script of what
// clients, members and the owner do, on real sockets, and of when the relay has a turn. What it does is compared with what a second
// reader of messages says: what comes out is what went in, whatever is not ordinary comes back unsent, nobody comes back without a
// reason, a kill is done when it returns, and in the end no descriptor is left. One script always does the same.
// With a main of its own (RELAY_REPLAY) it runs the scripts that are given as files, for compilers that have no fuzzer.

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "relay.h"

namespace {

[[noreturn]] void wrong(const char* what) {
  std::fprintf(stderr, "wrong: %s (errno %d)\n", what, errno);
  std::abort();
}

void must(bool holds, const char* what) {
  if (!holds) wrong(what);
}

// The script

class Script {
 public:
  Script(const uint8_t* bytes, size_t count) : at_(bytes), end_(bytes + count) {}
  bool over() const { return at_ == end_; }
  uint8_t next() { return over() ? 0 : *at_++; }
  std::string take(size_t count) {
    const size_t some = std::min(count, static_cast<size_t>(end_ - at_));
    std::string bytes(at_, at_ + some);
    at_ += some;
    return bytes;
  }
  /** Small ones to the byte, and those about which a relay has its thresholds. */
  size_t size() {
    const uint8_t code = next();
    if (code < 192) return code;
    const size_t near = next();
    switch (code % 8) {
      case 0: return 16'384 - 128 + near;
      case 1: return 32'768 - 128 + near;
      case 2: return 65'536 - 128 + near;
      case 3: return 262'144 - 128 + near;
      case 4: return near * 16;
      case 5: return near * 256;
      case 6: return near * 4'096;
      default: return code + near;
    }
  }

 private:
  const uint8_t* at_;
  const uint8_t* end_;
};

// The second reader

uint32_t number_at(std::string_view bytes, size_t at) {
  uint32_t value = 0;
  for (size_t byte = 4; byte-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes[at + byte]);
  return value;
}

struct Told {
  size_t start;
  size_t length;
  bool wants_reply;
  /** Of its first bytes so many are kept while it waits alone. */
  size_t kept;
};

/** What may pass of what was said so far. */
struct Reading {
  std::vector<Told> messages;
  /** Nothing from here on; and the reason is there already. */
  size_t limit = 0;
  bool strange = false;

  /** Of a relay that has passed so many bytes: where its message ends. */
  size_t boundary(size_t counted) const {
    size_t end = 0;
    for (const Told& told : messages)
      if (told.start < counted) end = told.start + told.length;
    return end;
  }
  size_t begun(size_t counted) const {
    const auto before = [counted](const Told& told) { return told.start < counted; };
    return static_cast<size_t>(std::count_if(messages.begin(), messages.end(), before));
  }
};

Reading read(std::string_view said, bool requests) {
  Reading reading;
  size_t at = 0;
  for (; at < said.size(); at += reading.messages.back().length) {
    const std::string_view bytes = said.substr(at);
    if (bytes.size() < 16) break;
    const uint32_t length = number_at(bytes, 0);
    reading.strange = length < (requests ? 35u : 16u) || length > 48'000'000u || (requests && number_at(bytes, 12) != 2013);
    if (reading.strange) break;
    Told told{at, length, true, 0};
    if (requests) {
      if (bytes.size() < 35) break;
      const uint32_t flags = number_at(bytes, 16);
      const std::string name(bytes.substr(26, 9).substr(0, bytes.substr(26, 9).find('\0')));
      const bool named = bytes.substr(26, 9).find('\0') != std::string_view::npos;
      reading.strange = bytes[20] != 0 || (flags >> 16 & 1) != 0 ||
                        (named && (name == "hello" || name == "isMaster" || name == "ismaster"));
      if (reading.strange) break;
      told.wants_reply = (flags & 2) == 0;
      const int64_t end = int64_t{21} + static_cast<int32_t>(number_at(bytes, 21));
      told.kept = static_cast<size_t>(end > 21 && end <= length && end <= 16'384 ? end : 35);
    }
    reading.messages.push_back(told);
  }
  reading.limit = std::min(at, said.size());
  return reading;
}

// What stands between

struct Pair {
  int outer;
  int inner;
};

void unblock(int fd) { fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK); }

/** A fuzzer's own alarm is no answer. */
template <typename Call>
int again(const Call& call) {
  int result = call();
  while (result < 0 && (errno == EINTR || errno == EALREADY)) result = call();
  return result;
}

Pair tcp_pair() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);  // each its own, or ports run out
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof at;
  must(bind(listener, reinterpret_cast<sockaddr*>(&at), length) == 0 && listen(listener, 1) == 0, "no listener");
  getsockname(listener, reinterpret_cast<sockaddr*>(&at), &length);
  const int outer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto dial = [&] { return connect(outer, reinterpret_cast<sockaddr*>(&at), sizeof at); };
  must(again(dial) == 0 || errno == EISCONN, "no connection");
  const int inner = again([&] { return accept(listener, nullptr, nullptr); });
  ::close(listener);
  const int at_once = 1;
  for (const int fd : {outer, inner}) {
    unblock(fd);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  }
  return {outer, inner};
}

Pair local_pair() {
  int ends[2];
  must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0, "no pair");
  return {ends[0], ends[1]};
}

/** Mostly local ones: by TCP the kernel keeps the end of a piece of a large message for 200 ms (SPLICE_F_MORE). */
Pair pair_of(int how) {
  const Pair pair = how == 3 ? tcp_pair() : local_pair();
  const int least = 1;  // the kernel makes of it what it needs at least
  if (how == 1)
    for (const int fd : {pair.outer, pair.inner}) setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &least, sizeof least);
  return pair;
}

/** Whether there is something to read within this time. */
bool readable(int fd, int ms) {
  pollfd wait{fd, POLLIN, 0};
  return again([&] { return poll(&wait, 1, ms); }) > 0;
}

size_t open_descriptors() {
  static std::array<pollfd, 512> all = [] {
    std::array<pollfd, 512> made{};
    for (size_t fd = 0; fd < made.size(); ++fd) made[fd].fd = static_cast<int>(fd);
    return made;
  }();
  poll(all.data(), all.size(), 0);
  const auto open = [](const pollfd& one) { return (one.revents & POLLNVAL) == 0; };
  return static_cast<size_t>(std::count_if(all.begin(), all.end(), open));
}

/** While it lives only so many more descriptors may be opened. */
class Scarcity {
 public:
  explicit Scarcity(int left) {
    getrlimit(RLIMIT_NOFILE, &before_);
    const int lowest = dup(0);
    ::close(lowest);
    rlimit less = before_;
    less.rlim_cur = static_cast<rlim_t>(lowest + left);
    setrlimit(RLIMIT_NOFILE, &less);
  }
  ~Scarcity() { setrlimit(RLIMIT_NOFILE, &before_); }
  Scarcity(const Scarcity&) = delete;
  Scarcity& operator=(const Scarcity&) = delete;

 private:
  rlimit before_{};
};

// The model

/** One direction as its outer ends see it. */
struct Line {
  bool requests;
  std::string bytes{};
  size_t said = 0;
  std::string heard{};
  bool ended = false;

  std::string_view spoken() const { return std::string_view(bytes).substr(0, said); }
  Reading reading() const { return read(spoken(), requests); }
};

class Conversation {
 public:
  Conversation(relay::Relay& relay, Pair client, Pair member, uint64_t endpoint)
      : relay_(relay), client_(client.outer), member_(member.outer) {
    begin(client.inner, member.inner, endpoint);
  }
  ~Conversation() {
    leave(true, true);  // leaves no port behind that has to wait
    leave(false, true);
  }
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  relay::Id id() const { return id_; }
  bool there() const { return id_ != 0; }
  Line& line(bool requests) { return requests ? up_ : down_; }

  void came_back() {
    must(!returned_, "it came back twice");
    must(has_reason(), "it came back without a reason");
    returned_ = true;
  }

  void say(bool requests, size_t count) {
    Line& one = line(requests);
    const int from = requests ? client_ : member_;
    if (from < 0 || one.ended) return;
    const size_t some = std::min(count, one.bytes.size() - one.said);
    const ssize_t sent = send(from, one.bytes.data() + one.said, some, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) one.said += static_cast<size_t>(sent);
  }

  /** Answers how much it was. */
  size_t hear(bool requests, size_t most) {
    Line& one = line(requests);
    const int at = requests ? member_ : client_;
    static std::array<char, 262'144> into;
    if (at < 0) return 0;
    const ssize_t count = recv(at, into.data(), std::min(most, into.size()), MSG_DONTWAIT);
    if (count <= 0) return 0;
    one.heard.append(into.data(), static_cast<size_t>(count));
    must(one.spoken().substr(0, one.heard.size()) == one.heard, "other bytes come out than went in");
    must(one.heard.size() <= one.reading().limit, "what is not ordinary was passed");
    return static_cast<size_t>(count);
  }

  void half_close(bool client) {
    const int fd = client ? client_ : member_;
    if (fd < 0) return;
    shutdown(fd, SHUT_WR);
    line(client).ended = true;
  }

  void leave(bool client, bool reset) {
    int& fd = client ? client_ : member_;
    const linger now{1, 0};
    if (fd >= 0 && reset) setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    shut(fd);
    lost_ = true;
  }

  void look() const {
    relay::Counts counts;
    must(relay_.look(id_, counts), "it is not there");
    counted(counts);
  }

  void kill() {
    relay::Counts counts;
    must(relay_.close(id_, counts), "it was not there to be killed");
    counted(counts);
    must(!relay_.close(id_, counts) && !relay_.look(id_, counts) && relay_.back(id_) == nullptr, "it is there after a kill");
    for (const bool requests : {true, false}) {
      const int fd = requests ? member_ : client_;
      while (fd >= 0) {
        while (hear(requests, std::string::npos) > 0) {}
        char byte;
        const ssize_t count = recv(fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK);
        if (count == 0 || (count < 0 && errno != EAGAIN)) break;
        must(count > 0 || readable(fd, 20'000), "a descriptor is open after a kill");
      }
      const uint64_t passed = requests ? counts.bytes_from_client : counts.bytes_from_member;
      must(line(requests).heard.size() <= passed, "more was passed than counted");
    }
    id_ = 0;
  }

  /** Takes it back, compares all there is to know, and hands it over again where that is asked for and can be. */
  void take_back(std::optional<uint64_t> again) {
    const auto given = relay_.back(id_);
    must(given != nullptr, "it was not given back");
    relay::Counts counts;
    must(!relay_.close(id_, counts) && relay_.back(id_) == nullptr, "it is there after it was given back");
    id_ = 0;
    counted(given->counts);
    check(up_, member_, given->client, given->requests, given->counts.bytes_from_client);
    check(down_, client_, given->member, given->replies, given->counts.bytes_from_member);
    check_waiting(*given);
    if (again.has_value() && !has_ended() && given->requests.read_error == 0 && given->replies.read_error == 0) {
      up_ = {.requests = true};
      down_ = {.requests = false};
      begin(given->client, given->member, *again);
    } else {
      ::close(given->client);
      ::close(given->member);
    }
  }

  /** Everything was heard and the relay had its turns: is there something that it should have done? */
  const char* missing() {
    if (returned_) return nullptr;
    if (has_reason()) return "it did not come back";
    for (const bool requests : {true, false})
      if (line(requests).heard.size() < line(requests).reading().limit) return "not all of it came out";
    return nullptr;
  }

  void check_quiet() {
    relay::Counts counts;
    if (returned_ || !relay_.look(id_, counts)) return;
    const Reading up = up_.reading(), down = down_.reading();
    const auto between = [](const Line& line, const Reading& reading) { return reading.boundary(reading.limit) == line.said; };
    const bool at_rest = between(up_, up) && between(down_, down);
    must(at_rest || !counts.quiet, "it is called quiet in a message");
    const size_t wanted = wants(up, up.limit);
    if (down.messages.empty()) must(counts.quiet == (at_rest && wanted == 0), "it is called quiet while a request waits");
    if (wanted == 0) must(counts.quiet == at_rest, "it is not called quiet");
  }

 private:
  static void shut(int& fd) {
    if (fd >= 0) ::close(fd);
    fd = -1;
  }

  void begin(int client, int member, uint64_t endpoint) {
    id_ = relay_.take(client, member, endpoint);
    must(id_ != 0, "it was not taken");
    ::close(client);
    ::close(member);
    returned_ = false;
  }

  bool has_ended() const { return lost_ || up_.ended || down_.ended; }
  bool has_reason() const { return has_ended() || up_.reading().strange || down_.reading().strange; }

  static size_t wants(const Reading& reading, size_t counted) {
    return static_cast<size_t>(std::count_if(reading.messages.begin(), reading.messages.end(),
                                             [counted](const Told& told) { return told.start < counted && told.wants_reply; }));
  }

  void counted(const relay::Counts& counts) const {
    const Reading up = up_.reading();
    const uint64_t from_client = counts.bytes_from_client, from_member = counts.bytes_from_member;
    must(from_client <= up.limit && from_member <= down_.reading().limit, "more is counted than may pass");
    must(from_client >= up_.heard.size() && from_member >= down_.heard.size(), "less is counted than was heard");
    must(counts.requests == up.begun(counts.bytes_from_client), "requests are miscounted");
  }

  /** Reads so much, or what there is of it where some may be lost. */
  std::string rest_of(int fd, size_t missing) const {
    std::string all;
    static std::array<char, 65'536> bytes;
    while (fd >= 0 && all.size() < missing) {
      const ssize_t count = recv(fd, bytes.data(), std::min(bytes.size(), missing - all.size()), MSG_DONTWAIT);
      if (count > 0) all.append(bytes.data(), static_cast<size_t>(count));
      else if (count == 0 || errno != EAGAIN || !readable(fd, lost_ ? 0 : 20'000)) break;
    }
    return all;
  }

  template <typename Way>
  void check(const Line& line, int heard_at, int inner, const Way& way, uint64_t counted) const {
    const std::string_view said = line.spoken();
    const Reading reading = line.reading();
    must(said.substr(counted - way.unsent.size(), way.unsent.size()) == way.unsent, "what was not sent is not what was said");
    must(said.substr(counted, way.head.size()) == way.head, "what was not passed is not what was said");
    const size_t boundary = reading.boundary(counted);
    must(boundary - std::min<size_t>(counted, boundary) == way.left, "it is somewhere else in its message");
    must(way.left == 0 || way.head.empty(), "it is in a message, and before one");
    must(way.read_error == 0 || has_ended(), "it tells an error that nobody made");
    must(way.write_error == 0 || has_ended(), "it tells an error that nobody made");
    const std::string sent = line.heard + rest_of(heard_at, counted - way.unsent.size() - line.heard.size());
    must(said.substr(0, sent.size()) == sent, "other bytes are on their way than went in");
    const std::string unread = rest_of(inner, said.size() - counted - way.head.size());
    must(lost_ || sent.size() + way.unsent.size() == counted, "what was counted is not what was sent");
    must(lost_ || said.substr(counted + way.head.size()) == unread, "what was not read is lost");
  }

  void check_waiting(const relay::Given& given) const {
    const Reading up = up_.reading();
    const size_t counted = given.counts.bytes_from_client;
    const size_t wanted = wants(up, counted), answers = down_.reading().begun(given.counts.bytes_from_member);
    must(given.awaited <= wanted && given.awaited + answers >= wanted, "answers are miscounted");
    if (!given.has_unanswered) {
      must(wanted != 1 || answers > 0, "a request waits alone, and is not told");
      return;
    }
    must(given.awaited == 1, "one waits alone, and others with it");
    const Told* last = nullptr;
    for (const Told& told : up.messages)
      if (told.start < counted && told.wants_reply) last = &told;
    must(last != nullptr, "one waits that was never said");
    const size_t there = std::min(last->kept, counted - last->start);
    must(given.unanswered == up_.spoken().substr(last->start, there), "what waits is not what was said");
  }

  relay::Relay& relay_;
  Line up_{.requests = true}, down_{.requests = false};
  int client_, member_;
  relay::Id id_ = 0;
  bool returned_ = false;
  /** A side left: what it takes away is in nobody's hands. */
  bool lost_ = false;
};

class Play {
 public:
  Play(Script script, relay::Relay& relay) : script_(script), relay_(relay) {}

  void run() {
    while (!script_.over()) step();
    scarce_ = false;
    for (size_t round = 0; round < 200'000 && say_all(); ++round) turn_and_hear();
    settle();
    for (auto& one : open_) {
      if (one == nullptr) continue;
      if (last_ % 3 == 0) one->kill();
      else if (last_ % 3 == 1) one->take_back({});
      // else the relay ends with it there
    }
  }

 private:
  static constexpr size_t most_bytes = 2'000'000;

  void step() {
    const uint8_t what = last_ = script_.next();
    auto& slot = open_[what >> 4 & 3];
    const bool requests = (what & 0x80) == 0, other = (what & 0x40) != 0;
    if (slot == nullptr) {
      open(slot);
      return;
    }
    Conversation& one = *slot;
    switch (what & 15) {
      case 0:
      case 1: {
        message(one.line(requests));
        return;
      }
      case 2: {
        one.line(requests).bytes += script_.take(script_.next());
        return;
      }
      case 3: {
        Line& line = one.line(requests);
        fill(line, line.bytes.size() + script_.size());
        return;
      }
      case 4:
      case 5: {
        one.say(requests, script_.size());
        if (other) turn();
        return;
      }
      case 6: {
        one.say(requests, std::string::npos);
        if (other) turn();
        return;
      }
      case 7: {
        one.hear(requests, script_.size());
        if (other) turn();
        return;
      }
      case 8: {
        turn();
        return;
      }
      case 9: return one.half_close(requests);
      case 10: return one.leave(requests, other);
      case 11: {
        one.kill();
        slot = nullptr;
        return;
      }
      case 12: {
        one.take_back(other ? std::optional<uint64_t>(script_.next() % 3) : std::nullopt);
        if (!one.there()) slot = nullptr;
        return;
      }
      case 13: return settle();
      case 14: {
        scarce_ = !scarce_;
        return;
      }
      default: {
        one.look();
        fetch();
      }
    }
  }

  void open(std::unique_ptr<Conversation>& slot) {
    const uint8_t how = script_.next();
    const Pair client = pair_of(how & 3), member = pair_of(how >> 2 & 3);
    if ((how & 0x10) != 0) {
      const Scarcity scarcity((how & 0x20) != 0 ? 1 : 0);
      must(relay_.take(client.inner, member.inner, how >> 6) == 0, "it was taken without descriptors");
    }
    if ((how & 0x30) == 0x20) {  // what cannot be watched: a file
      const int file = ::open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
      must(relay_.take(client.inner, file, how >> 6) == 0 && relay_.take(file, member.inner, how >> 6) == 0, "a file was taken");
      must(relay_.take(-1, member.inner, how >> 6) == 0 && relay_.take(client.inner, -1, how >> 6) == 0, "nothing was taken");
      ::close(file);
    }
    slot = std::make_unique<Conversation>(relay_, client, member, how >> 6);
  }

  /** A message as it ought to be but for what the script says; of its bytes all, or what tells it. */
  void message(Line& line) {
    static const char* const names[] = {"find",   "insert",    "hello",  "isMaster", "ismaster",
                                        "helloo", "isMasterx", "isMast", "",         "ping"};
    const uint8_t how = script_.next();
    const std::string name = names[how % std::size(names)];
    const size_t size = script_.size() + 36, start = line.bytes.size();
    const auto put = [&line](size_t value) {
      for (int at = 0; at < 4; ++at) line.bytes.push_back(static_cast<char>(value >> (8 * at)));
    };
    put(size);
    put(start);
    put(start * 7);
    put(how < 240 ? 2013 : script_.next() * 4u);
    put(how >= 224 ? size_t{script_.next()} << (how & 16) : how % 3 == 0 ? 2 : 0);
    line.bytes.push_back(how >= 250 ? '\1' : '\0');
    put(how % 5 == 0 ? script_.size() : size - 21);
    line.bytes.push_back('\1');
    line.bytes += name;
    line.bytes.push_back('\0');
    fill(line, start + (how % 7 == 0 ? 36 : size));
  }

  void fill(Line& line, size_t until) {
    const size_t from = line.bytes.size();
    const size_t to = std::min(until, from + most_bytes - std::min(most_bytes, made_));
    if (to <= from) return;
    static const std::string pattern = [] {
      std::string made(2 * most_bytes, '\0');
      for (size_t at = 0; at < made.size(); ++at) made[at] = static_cast<char>(at * 31 + at / 251);
      return made;
    }();
    made_ += to - from;
    line.bytes.append(pattern, made_, to - from);
  }

  bool turn() {
    std::optional<Scarcity> scarcity;
    if (scarce_) scarcity.emplace(0);
    return relay_.turn(false);
  }

  void fetch() {
    for (const relay::Id id : relay_.returned()) {
      must(fetched_.insert(id).second, "it is told twice that one came back");
      for (const auto& one : open_)
        if (one != nullptr && one->id() == id) one->came_back();
    }
  }

  bool turn_and_hear() {
    bool moved = turn();
    fetch();
    for (const auto& one : open_)
      for (const bool requests : {true, false})
        if (one != nullptr && one->hear(requests, std::string::npos) > 0) moved = true;
    return moved;
  }

  /** Whether somebody could say something. */
  bool say_all() {
    bool any = false;
    for (const auto& one : open_)
      for (const bool requests : {true, false}) {
        if (one == nullptr) continue;
        const size_t before = one->line(requests).said;
        one->say(requests, std::string::npos);
        any = any || one->line(requests).said > before;
      }
    return any;
  }

  /** Until nothing moves any more; TCP may take a while over it. */
  void settle() {
    const char* missing = nullptr;
    for (int patience = 200'000; patience > 0; --patience) {
      while (turn_and_hear()) {}
      missing = nullptr;
      for (const auto& one : open_)
        if (one != nullptr && missing == nullptr) missing = one->missing();
      if (missing == nullptr) break;
      usleep(100);
    }
    if (missing != nullptr) wrong(missing);
    for (const auto& one : open_)
      if (one != nullptr) one->check_quiet();
  }

  Script script_;
  relay::Relay& relay_;
  std::array<std::unique_ptr<Conversation>, 4> open_;
  std::set<relay::Id> fetched_;
  size_t made_ = 0;
  uint8_t last_ = 0;
  bool scarce_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count) {
  [[maybe_unused]] static const bool prepared = [] {
    std::signal(SIGPIPE, SIG_IGN);
    return true;
  }();
  const size_t before = open_descriptors();
  {
    relay::Relay relay([] {}, true);
    Play play(Script(bytes, count), relay);
    play.run();
  }
  must(open_descriptors() == before, "descriptors are left over");
  return 0;
}

#ifdef RELAY_REPLAY
int main(int count, char** files) {
  for (int at = 1; at < count; ++at) {
    std::ifstream file(files[at], std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    std::fprintf(stderr, "%s\n", files[at]);
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  }
  std::printf("%d scripts\n", count - 1);
}
#endif
