// The relay without Node.js, for sanitizers: seeded conversations over real sockets, cut anywhere, read at any pace, with
// requests that are not ordinary in mid-stream, ends, and closes from outside, many at once. What arrived is compared, byte
// for byte, with what was said; where a connection comes back, its state with what a second reader of messages says.
// `drive SEED SECONDS`: prints what it did, or the seed of what went wrong, and then ends with 1.

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "relay.h"

namespace {

using Random = std::mt19937_64;

size_t below(Random& random, size_t limit) { return limit == 0 ? 0 : random() % limit; }

[[noreturn]] void wrong(uint64_t seed, const char* what) {
  std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), what);
  std::exit(1);
}

void put(std::string& bytes, int32_t value) {
  for (int at = 0; at < 4; ++at) bytes.push_back(static_cast<char>(static_cast<uint32_t>(value) >> (8 * at)));
}

/** A message of these bytes; `command`: its first element's name. */
std::string message(Random& random, size_t bytes, int32_t opcode, int32_t flags, char kind, const std::string& command) {
  std::string made;
  put(made, static_cast<int32_t>(bytes));
  put(made, static_cast<int32_t>(random()));
  put(made, static_cast<int32_t>(random()));
  put(made, opcode);
  put(made, flags);
  made.push_back(kind);
  // mostly the body is all there is of the message; sometimes it says that it is shorter
  put(made, static_cast<int32_t>(below(random, 4) == 0 ? below(random, bytes) : bytes - 21));
  made.push_back('\x01');
  made += command;
  made.push_back('\0');
  const size_t from = made.size();
  made.resize(bytes);
  for (size_t at = from; at < bytes; ++at) made[at] = static_cast<char>(at * 31 + bytes);
  return made;
}

size_t any_size(Random& random, size_t least) {
  switch (below(random, 12)) {
    case 0: return 16'300 + below(random, 200);
    case 1: return 32'700 + below(random, 200);
    case 2: return 65'500 + below(random, 200);
    case 3: return least + below(random, 300'000);
    case 4: return below(random, 4) == 0 ? 1'000'000 + below(random, 2'000'000) : 10'000;
    default: return least + below(random, 600);
  }
}

/** What one side says: messages, and where the first of them lies that the relay must not pass. */
struct Talk {
  std::string bytes;
  std::vector<size_t> starts;
  size_t strange_at = std::string::npos;
};

Talk requests(Random& random) {
  static const char* const names[] = {"find", "insert", "ping", "helloo", "isMast", "isMasterx", "h", "i", "update"};
  static const char* const hellos[] = {"hello", "isMaster", "ismaster"};
  Talk talk;
  const size_t count = 1 + below(random, 12);
  const size_t strange = below(random, 2) == 0 ? below(random, count) : count;
  for (size_t at = 0; at < count; ++at) {
    talk.starts.push_back(talk.bytes.size());
    const int32_t flags = below(random, 6) == 0 ? 2 : 0;
    const size_t size = any_size(random, 60);
    if (at != strange) {
      talk.bytes += message(random, size, 2013, flags, 0, names[below(random, std::size(names))]);
      continue;
    }
    talk.strange_at = talk.bytes.size();
    switch (below(random, 5)) {
      case 0: talk.bytes += message(random, size, 2013, flags, 0, hellos[below(random, 3)]); break;
      case 1: talk.bytes += message(random, size, 2012, flags, 0, "find"); break;
      case 2: talk.bytes += message(random, size, 2013, flags, 1, "find"); break;
      case 3: talk.bytes += message(random, 16 + below(random, 19), 2013, 0, 0, "").substr(0, 34); break;
      default: talk.bytes += std::string(64 + below(random, 200), '\xff');
    }
    break;  // what follows is looked at by nobody here
  }
  return talk;
}

Talk replies(Random& random) {
  Talk talk;
  const size_t count = below(random, 12);
  for (size_t at = 0; at < count; ++at) {
    talk.starts.push_back(talk.bytes.size());
    talk.bytes += message(random, any_size(random, 40), 1 + static_cast<int32_t>(below(random, 3000)), 0, 0, "ok");
  }
  if (below(random, 8) == 0) {
    talk.strange_at = talk.bytes.size();
    talk.starts.push_back(talk.bytes.size());
    talk.bytes += std::string(40, '\xfe');
  }
  return talk;
}

struct Pair {
  int outer;
  int inner;
};

void unblock(int fd) { fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK); }

Pair tcp_pair() {
  static const int listener = [] {
    const int made = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(made, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0 || listen(made, 512) != 0) std::abort();
    return made;
  }();
  sockaddr_in at{};
  socklen_t length = sizeof at;
  getsockname(listener, reinterpret_cast<sockaddr*>(&at), &length);
  const int outer = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(outer, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) std::abort();
  const int inner = accept(listener, nullptr, nullptr);
  if (inner < 0) std::abort();
  unblock(outer);
  unblock(inner);
  return {outer, inner};
}

Pair local_pair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) != 0) std::abort();
  return {ends[0], ends[1]};
}

/** One direction as its outer ends see it. */
struct Line {
  Talk talk;
  size_t said = 0;
  std::string heard;
  bool all_said() const { return said == talk.bytes.size(); }
};

struct Done {
  uint64_t conversations = 0;
  uint64_t bytes = 0;
  uint64_t came_back = 0;
  uint64_t taken_back = 0;
  uint64_t closed = 0;
};

class Conversation {
 public:
  Conversation(relay::Relay& relay, uint64_t seed, Done& done) : relay_(relay), seed_(seed), random_(seed), done_(done) {
    up_.talk = requests(random_);
    down_.talk = replies(random_);
    const bool tcp = below(random_, 2) == 0;
    client_ = tcp ? tcp_pair() : local_pair();
    member_ = tcp ? tcp_pair() : local_pair();
    fate_ = below(random_, 4);
    const size_t all = up_.talk.bytes.size() + down_.talk.bytes.size();
    fate_at_ = below(random_, all + 1);
    reset_ = tcp && below(random_, 2) == 0;
    id_ = relay_.take(client_.inner, member_.inner, below(random_, 3));
    if (id_ == 0) wrong(seed_, "not taken");
    ::close(client_.inner);
    ::close(member_.inner);
    ++done_.conversations;
  }
  ~Conversation() {
    if (client_.outer >= 0) ::close(client_.outer);
    if (member_.outer >= 0) ::close(member_.outer);
  }

  relay::Id id() const { return id_; }
  uint64_t seed() const { return seed_; }
  bool over() const { return over_; }

  /** The relay has let go of it. */
  void came_back() {
    if (over_) return;
    ++done_.came_back;
    judge(false);
  }

  /** A little of what its two ends do. */
  void step() {
    if (over_) return;
    hear(up_, member_.outer);
    hear(down_, client_.outer);
    say(up_, client_.outer);
    say(down_, member_.outer);
    relay::Counts counts;
    if (!relay_.look(id_, counts)) wrong(seed_, "it is not there");
    if (counts.bytes_from_client > up_.said || counts.bytes_from_member > down_.said) wrong(seed_, "it counts too much");
    const bool due = up_.said + down_.said >= fate_at_ && fate_at_ > 0;
    if (due && fate_ == 0) {
      ++done_.closed;
      if (!relay_.close(id_, counts)) wrong(seed_, "not closed");
      if (relay_.close(id_, counts)) wrong(seed_, "closed twice");
      expect_end(client_.outer);
      expect_end(member_.outer);
      over_ = true;
    } else if (due && fate_ == 1) {
      ++done_.taken_back;
      judge(false);
    } else if (due && fate_ == 2 && !ended_) {
      ended_ = true;  // one side is done, in good order or not; the relay lets go
      const int end = below(random_, 2) == 0 ? client_.outer : member_.outer;
      if (reset_) {
        const linger now{1, 0};
        setsockopt(end, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        ::close(end);
        (end == client_.outer ? client_.outer : member_.outer) = -1;
      } else {
        shutdown(end, SHUT_WR);
      }
    } else if (up_.all_said() && down_.all_said() && up_.talk.strange_at == std::string::npos &&
               down_.talk.strange_at == std::string::npos && up_.heard == up_.talk.bytes &&
               down_.heard == down_.talk.bytes) {
      ++done_.taken_back;
      judge(true);
    }
  }

 private:
  void say(Line& line, int to) {
    if (to < 0 || line.all_said() || ended_) return;
    const size_t sizes[] = {1, 7, 16, 100, 5'000, 70'000, 400'000};
    const size_t some = std::min(line.talk.bytes.size() - line.said, sizes[below(random_, std::size(sizes))]);
    const ssize_t sent = send(to, line.talk.bytes.data() + line.said, some, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) line.said += static_cast<size_t>(sent);
  }

  void hear(Line& line, int from) {
    if (from < 0 || below(random_, 3) == 0) return;
    char bytes[100'000];
    const size_t sizes[] = {1, 100, 10'000, sizeof bytes};
    const ssize_t count = recv(from, bytes, sizes[below(random_, std::size(sizes))], MSG_DONTWAIT);
    if (count > 0) line.heard.append(bytes, static_cast<size_t>(count));
    done_.bytes += count > 0 ? static_cast<uint64_t>(count) : 0;
  }

  void expect_end(int fd) {
    pollfd wait{fd, POLLIN, 0};
    char bytes[65'536];
    for (;;) {
      poll(&wait, 1, 5000);
      const ssize_t count = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
      if (count == 0 || (count < 0 && errno == ECONNRESET)) return;
      if (count < 0) wrong(seed_, "a descriptor is still open after close");
    }
  }

  /** Reads `missing` bytes that are on their way, or what there is of them after a while. */
  static std::string rest_of(int fd, size_t missing) {
    std::string all;
    char bytes[65'536];
    pollfd wait{fd, POLLIN, 0};
    while (fd >= 0 && all.size() < missing) {
      const ssize_t count = recv(fd, bytes, std::min(sizeof bytes, missing - all.size()), MSG_DONTWAIT);
      if (count > 0) all.append(bytes, static_cast<size_t>(count));
      else if (count == 0 || errno != EAGAIN || poll(&wait, 1, 2000) <= 0) break;
    }
    return all;
  }

  /** Takes it back and compares all there is to know. */
  void judge(bool finished) {
    const auto given = relay_.back(id_);
    if (given == nullptr) wrong(seed_, "not given back");
    relay::Counts counts;
    if (relay_.close(id_, counts)) wrong(seed_, "still there after it was given back");
    over_ = true;
    const bool lost = reset_ && ended_;  // what a reset takes away is in nobody's hands
    check(up_, member_.outer, given->client, given->requests, given->counts.bytes_from_client, lost);
    check(down_, client_.outer, given->member, given->replies, given->counts.bytes_from_member, lost);
    uint64_t begun = 0;
    for (const size_t start : up_.talk.starts) begun += start < given->counts.bytes_from_client ? 1 : 0;
    if (begun != given->counts.requests) wrong(seed_, "requests are miscounted");
    if (finished && given->counts.bytes_from_client != up_.talk.bytes.size()) wrong(seed_, "not all of it was carried");
    if (given->has_unanswered) {
      if (given->awaited != 1) wrong(seed_, "one waits alone, and another with it");
      if (up_.talk.bytes.find(given->unanswered) == std::string::npos) wrong(seed_, "what waits was never said");
      const bool begins = std::any_of(up_.talk.starts.begin(), up_.talk.starts.end(), [&](size_t start) {
        return up_.talk.bytes.compare(start, given->unanswered.size(), given->unanswered) == 0;
      });
      if (!begins) wrong(seed_, "what waits is not the beginning of a request");
    }
    ::close(given->client);
    ::close(given->member);
  }

  template <typename Way>
  void check(const Line& line, int heard_at, int inner, const Way& way, uint64_t counted, bool lost) {
    const std::string& bytes = line.talk.bytes;
    // all that was said is somewhere, in order: heard, on its way, kept here, or not read yet
    std::string all = line.heard + rest_of(heard_at, counted - way.unsent.size() - line.heard.size());
    if (!lost && all.size() + way.unsent.size() != counted) wrong(seed_, "what was counted is not what was sent");
    all += way.unsent + way.head;
    if (!lost) all += rest_of(inner, line.said - all.size());
    if (!lost && all.size() != line.said) wrong(seed_, "something is lost");
    if (!lost && bytes.compare(0, all.size(), all) != 0) wrong(seed_, "other bytes than were said");
    if (counted > line.talk.strange_at) wrong(seed_, "what is not ordinary was passed");
    const auto next = std::lower_bound(line.talk.starts.begin(), line.talk.starts.end(), counted);
    const size_t boundary = next == line.talk.starts.end() ? bytes.size() : *next;
    if (boundary - counted != way.left) wrong(seed_, "it is somewhere else in its message");
    if (way.left > 0 && !way.head.empty()) wrong(seed_, "in a message, and before one");
  }

  relay::Relay& relay_;
  uint64_t seed_;
  Random random_;
  Done& done_;
  Line up_, down_;
  Pair client_{}, member_{};
  relay::Id id_ = 0;
  size_t fate_ = 0, fate_at_ = 0;
  bool reset_ = false, ended_ = false, over_ = false;
};

/**
 * Many connections of three endpoints are ready, then one of a fourth: its request goes on after a turn of each of them, however
 * many they are. So many requests of this size are a turn. The members' ends became readable in the order in which it passed.
 */
void overtakes(relay::Relay& relay, uint64_t seed, size_t bytes, size_t of_turn) {
  constexpr size_t busy = 3, each = 100;
  const size_t most = of_turn * (busy + 1) + 1;  // and what the thread was at when it was held
  Random random(seed);
  const std::string request = message(random, bytes, 2013, 0, 0, "find");
  const int order = epoll_create1(EPOLL_CLOEXEC);
  std::vector<Pair> clients, members;
  std::vector<relay::Id> ids;
  for (size_t at = 0; at <= busy * each; ++at) {
    clients.push_back(local_pair());
    members.push_back(local_pair());
    ids.push_back(relay.take(clients[at].inner, members[at].inner, at < busy * each ? at % busy : busy));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = at;
    if (ids[at] == 0 || epoll_ctl(order, EPOLL_CTL_ADD, members[at].outer, &event) != 0) wrong(seed, "not taken");
  }
  {
    const auto held = relay.hold();
    for (const Pair& client : clients)
      if (send(client.outer, request.data(), bytes, MSG_NOSIGNAL) != static_cast<ssize_t>(bytes)) wrong(seed, "not said");
  }
  relay::Counts counts;
  for (const relay::Id id : ids)
    while (relay.look(id, counts) && counts.bytes_from_client < request.size()) usleep(100);
  std::vector<epoll_event> arrived(ids.size());
  const int count = epoll_wait(order, arrived.data(), static_cast<int>(arrived.size()), 0);
  size_t before = 0;
  while (before < static_cast<size_t>(std::max(count, 0)) && arrived[before].data.u64 != busy * each) ++before;
  if (count != static_cast<int>(ids.size()) || before > most) {
    std::printf("%zu of others were before it, of %d\n", before, count);
    wrong(seed, "a quiet endpoint waits for busy ones");
  }
  for (size_t at = 0; at < ids.size(); ++at) {
    relay.close(ids[at], counts);
    for (const int fd : {clients[at].inner, clients[at].outer, members[at].inner, members[at].outer}) ::close(fd);
  }
  ::close(order);
}

/** Of a connection that is told as quiet, all that was counted is out: also where its client reads slowly. */
void tells_what_waits(uint64_t seed, size_t large) {
  relay::Relay relay([] {}, true);
  Random random(seed);
  const Pair client = local_pair(), member = local_pair();
  const relay::Id id = relay.take(client.inner, member.inner, 0);
  if (id == 0) wrong(seed, "not taken");
  const std::string reply = message(random, large, 2013, 0, 0, "ok");
  for (size_t said = 0, heard = 0; heard < large;) {
    const ssize_t sent = send(member.outer, reply.data() + said, large - said, MSG_NOSIGNAL);
    if (sent > 0) said += static_cast<size_t>(sent);
    while (relay.turn(false)) {}
    relay::Counts counts;
    int there = 0;
    if (!relay.look(id, counts) || ioctl(client.outer, FIONREAD, &there) != 0) wrong(seed, "it is not there");
    if (counts.quiet && heard + static_cast<size_t>(there) < counts.bytes_from_member) wrong(seed, "quiet, and it holds bytes");
    char bytes[4'096];
    if (const ssize_t count = recv(client.outer, bytes, sizeof bytes, 0); count > 0) heard += static_cast<size_t>(count);
  }
  relay::Counts counts;
  relay.close(id, counts);
  for (const int fd : {client.inner, client.outer, member.inner, member.outer}) ::close(fd);
}

}  // namespace

int main(int count, char** words) {
  if (count != 3) {
    std::printf("drive SEED SECONDS\n");
    return 2;
  }
  std::signal(SIGPIPE, SIG_IGN);
  uint64_t seed = std::strtoull(words[1], nullptr, 10);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(std::atoi(words[2]));
  const auto patience = until + std::chrono::minutes(1);
  Done done;
  std::atomic<uint64_t> told{0};
  {
    relay::Relay relay([&told] { ++told; });
    overtakes(relay, seed, 100, 4);
    overtakes(relay, seed, 70'000, 1);
    for (size_t large = 300'000; large <= 700'000; large += 50'000) tells_what_waits(seed, large);
    constexpr size_t at_once = 24;
    std::vector<std::unique_ptr<Conversation>> open;
    while (std::chrono::steady_clock::now() < until || !open.empty()) {
      while (open.size() < at_once && std::chrono::steady_clock::now() < until)
        open.push_back(std::make_unique<Conversation>(relay, seed++, done));
      for (const auto& one : open) one->step();
      if (told.exchange(0) > 0)
        for (const relay::Id id : relay.returned())
          for (const auto& one : open)
            if (one->id() == id) one->came_back();
      if (std::chrono::steady_clock::now() > patience) wrong(open.front()->seed(), "it stands still");
      std::erase_if(open, [](const auto& one) { return one->over(); });
    }
    for (int at = 0; at < 8; ++at) {  // the relay ends with some still there
      const Pair client = tcp_pair(), member = local_pair();
      relay.take(client.inner, member.inner, 0);
      for (const int fd : {client.inner, member.inner, client.outer, member.outer}) ::close(fd);
    }
  }
  std::printf("%llu conversations, %llu bytes heard, %llu came back, %llu taken back, %llu closed; next seed %llu\n",
              static_cast<unsigned long long>(done.conversations), static_cast<unsigned long long>(done.bytes),
              static_cast<unsigned long long>(done.came_back), static_cast<unsigned long long>(done.taken_back),
              static_cast<unsigned long long>(done.closed), static_cast<unsigned long long>(seed));
  return 0;
}
