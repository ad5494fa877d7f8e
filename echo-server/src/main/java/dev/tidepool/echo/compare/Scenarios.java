package dev.tidepool.echo.compare;

import java.util.List;
import java.util.stream.Collectors;

/** The scenarios that a comparison has. */
public final class Scenarios {
  static final String HTTP_PLAIN = "http-plain";
  static final String HTTP_BUFFERS = "http-buffers";
  static final String MANY_CONNECTIONS = "many-connections";
  static final String BURST = "burst";

  private static final List<Scenario> ALL =
      List.of(
          Scenario.of(
              "framed",
              "Small framed echo",
              "The least that a server does for a request: one small frame in, the same frame out.",
              "framed",
              50,
              4,
              "64..256"),
          Scenario.of(
              HTTP_PLAIN,
              "HTTP/1.1, pipelined",
              "Small bodies posted and echoed, by way of Netty's HTTP codec.",
              "http",
              50,
              16,
              "32..128"),
          Scenario.of(
                  HTTP_BUFFERS,
                  "HTTP/1.1, pipelined, ten buffers a request",
                  "The same, in an application that allocates ten buffers for each answer.",
                  "http",
                  50,
                  16,
                  "32..128")
              .withBuffers(10),
          Scenario.of(
              "h2",
              "HTTP/2",
              "Sixteen streams at once on each connection, each stream a channel of its own.",
              "h2",
              10,
              16,
              "64..1K"),
          Scenario.of(
                  "tls",
                  "HTTP/1.1 over TLS",
                  "Each record is decrypted and encrypted by the JDK's engine, in buffers.",
                  "http",
                  50,
                  4,
                  "256..2K")
              .overTls(),
          Scenario.of(
              "mixed-sizes",
              "Mixed sizes",
              "Frames from 64 bytes to 64 KiB, so that no one size of buffer fits all.",
              "framed",
              50,
              2,
              "64..64K"),
          Scenario.of(
                  MANY_CONNECTIONS,
                  "10,000 connections, busy and idle",
                  "All of them send, and stay open in silence afterwards.",
                  "framed",
                  10_000,
                  1,
                  "64..1K")
              .stayingConnected(),
          Scenario.of(
                  BURST,
                  "A burst, then silence",
                  "Large frames on many connections, which stay open in silence afterwards.",
                  "framed",
                  400,
                  1,
                  "128K..512K")
              .stayingConnected(),
          Scenario.of(
                  "slow-readers",
                  "Slow readers",
                  "One connection in five reads its answers slowly, so that they wait in the server.",
                  "framed",
                  100,
                  4,
                  "1K..16K")
              .withSlowReaders(20),
          Scenario.of(
                  "churn",
                  "Churn",
                  "Connections that live for a tenth of a second.",
                  "framed",
                  100,
                  2,
                  "64..4K")
              .withLifetime(100),
          Scenario.of(
              "large-bodies",
              "Large bodies",
              "Posts of one to four MiB, echoed piece by piece as they arrive.",
              "http",
              16,
              1,
              "1M..4M"));

  private Scenarios() {}

  public static List<Scenario> all() {
    return ALL;
  }

  /**
   * The scenario of this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Scenario of(String name) {
    return ALL.stream()
        .filter(scenario -> scenario.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'" + name + "' is not a scenario, expected one of " + names()));
  }

  public static String names() {
    return ALL.stream().map(Scenario::name).collect(Collectors.joining(", "));
  }
}
