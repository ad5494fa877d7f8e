package dev.tidepool.echo.compare;

import dev.tidepool.echo.figures.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A load that every allocator is put under.
 *
 * @param name by which it is chosen
 * @param title as pages call it
 * @param description what it is for, in one sentence
 * @param protocol the name of what is spoken
 * @param tls whether by the JDK's TLS
 * @param connections open at once
 * @param pipeline requests under way on each, at most
 * @param sizes of the requests' payloads, as {@code --data-size} has them
 * @param buffersPerRequest more buffers that the server allocates for each request and releases
 *     when it is answered
 * @param slowReaderPercent so many of a hundred connections read slowly
 * @param lifetimeMillis after which a connection is closed and opened again; 0: never
 * @param staysConnected whether the connections stay open, and silent, while memory settles
 */
public record Scenario(
    String name,
    String title,
    String description,
    String protocol,
    boolean tls,
    int connections,
    int pipeline,
    String sizes,
    int buffersPerRequest,
    int slowReaderPercent,
    int lifetimeMillis,
    boolean staysConnected) {
  private static final int OTHER_FILES = 256;

  /** A friendly load. */
  static Scenario of(
      String name,
      String title,
      String description,
      String protocol,
      int connections,
      int pipeline,
      String sizes) {
    return new Scenario(
        name, title, description, protocol, false, connections, pipeline, sizes, 0, 0, 0, false);
  }

  Scenario overTls() {
    return with(true, buffersPerRequest, slowReaderPercent, lifetimeMillis, staysConnected);
  }

  Scenario withBuffers(int count) {
    return with(tls, count, slowReaderPercent, lifetimeMillis, staysConnected);
  }

  Scenario withSlowReaders(int percent) {
    return with(tls, buffersPerRequest, percent, lifetimeMillis, staysConnected);
  }

  Scenario withLifetime(int millis) {
    return with(tls, buffersPerRequest, slowReaderPercent, millis, staysConnected);
  }

  Scenario stayingConnected() {
    return with(tls, buffersPerRequest, slowReaderPercent, lifetimeMillis, true);
  }

  private Scenario with(boolean tls, int buffers, int slowReaders, int lifetime, boolean stays) {
    return new Scenario(
        name,
        title,
        description,
        protocol,
        tls,
        connections,
        pipeline,
        sizes,
        buffers,
        slowReaders,
        lifetime,
        stays);
  }

  /** The open files that each of the two processes needs. */
  public int files() {
    return connections + OTHER_FILES;
  }

  /**
   * Why it cannot be run where a process may have so many files open; empty if it can.
   *
   * @param limit of open files
   */
  Optional<String> refusal(long limit) {
    return files() <= limit
        ? Optional.empty()
        : Optional.of(
            Figures.format(
                "%s needs %,d open files in each process, and there may be %,d: raise the limit"
                    + " (ulimit -n)",
                name, files(), limit));
  }

  /** What it does, in figures. */
  String facts() {
    List<String> facts = new ArrayList<>();
    facts.add(protocol + (tls ? " over TLS" : ""));
    facts.add(Figures.count(connections, "connection", "connections"));
    facts.add(Figures.count(pipeline, "request", "requests") + " under way on each");
    facts.add("payloads of " + sizes + " bytes");
    addIf(facts, buffersPerRequest, buffersPerRequest + " more buffers a request");
    addIf(facts, slowReaderPercent, slowReaderPercent + " % of the connections read slowly");
    addIf(facts, lifetimeMillis, "a connection lives for " + lifetimeMillis + " ms");
    return String.join(" · ", facts);
  }

  private static void addIf(List<String> facts, int value, String fact) {
    if (value != 0) {
      facts.add(fact);
    }
  }
}
