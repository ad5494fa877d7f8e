package dev.tidepool.benchmarks.memory;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What a client says on each of its connections: requests of zeroes, some in flight, each answered
 * by zeroes.
 *
 * @param rounds how often each request in flight is sent at least
 * @param begunBytes of one more request, in the end, that are sent without the rest
 */
public record Talk(
    int connections,
    int requestBytes,
    int answerBytes,
    int inFlight,
    int rounds,
    int begunBytes,
    boolean tls) {
  private static final int FILES_FOR_THE_REST = 500;

  /** With as many connections as the system allows, if those are fewer. */
  public Talk {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      long most = unix.getMaxFileDescriptorCount() - FILES_FOR_THE_REST;
      connections = (int) Math.min(connections, most);
    }
  }

  /** Messages that come back as they are. */
  public static Talk echo(int connections, int bytes, int inFlight) {
    return new Talk(connections, bytes, bytes, inFlight, 1, 0, false);
  }

  Talk withTls() {
    return new Talk(connections, requestBytes, answerBytes, inFlight, rounds, begunBytes, true);
  }
}
