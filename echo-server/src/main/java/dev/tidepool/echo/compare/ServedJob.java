package dev.tidepool.echo.compare;

/**
 * What a server's process is told to run.
 *
 * @param allocator the name by which it is chosen
 * @param protocol the name of what is spoken
 * @param tls whether over TLS, with a certificate made anew
 * @param buffersPerRequest more buffers to allocate for each request
 */
public record ServedJob(String allocator, String protocol, boolean tls, int buffersPerRequest) {

  static ServedJob of(Scenario scenario, Subject subject) {
    return new ServedJob(
        subject.allocator(), scenario.protocol(), scenario.tls(), scenario.buffersPerRequest());
  }
}
