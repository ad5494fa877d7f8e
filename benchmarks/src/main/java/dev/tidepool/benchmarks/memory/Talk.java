package dev.tidepool.benchmarks.memory;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;

/**
 * What a client says on each of its connections: requests of zeroes, some in flight, each answered
 * by zeroes.
 *
 * @param rounds how often each request in flight is sent at least
 * @param begunBytes of one more request, in the end, that are sent without the rest
 */
record Talk(
    int connections,
    int requestBytes,
    int answerBytes,
    int inFlight,
    int rounds,
    int begunBytes,
    boolean tls) {
  private static final int FILES_FOR_THE_REST = 500;

  /** With as many connections as the system allows, if those are fewer. */
  Talk {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      long most = unix.getMaxFileDescriptorCount() - FILES_FOR_THE_REST;
      connections = (int) Math.min(connections, most);
    }
  }

  static Talk echo(int connections, int bytes, int inFlight) {
    return new Talk(connections, bytes, bytes, inFlight, 1, 0, false);
  }

  Talk withTls() {
    return new Talk(connections, requestBytes, answerBytes, inFlight, rounds, begunBytes, true);
  }

  /** For a client's {@code main}, which {@link #of} reads. */
  List<Object> arguments(int port) {
    return List.of(
        port, connections, requestBytes, answerBytes, inFlight, rounds, begunBytes, tls ? 1 : 0);
  }

  static Talk of(String[] arguments) {
    int[] is = Arrays.stream(arguments).skip(1).mapToInt(Integer::parseInt).toArray();
    return new Talk(is[0], is[1], is[2], is[3], is[4], is[5], is[6] == 1);
  }
}
