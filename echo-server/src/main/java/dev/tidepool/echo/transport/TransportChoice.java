package dev.tidepool.echo.transport;

import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The values of {@code --transport}. */
public enum TransportChoice {
  /** The best that is there: epoll, then nio. */
  AUTO,
  NIO,
  EPOLL,
  IO_URING;

  private static final Logger LOG = LoggerFactory.getLogger(TransportChoice.class);

  /** Finds the transport, or says why there is none. */
  public Transport resolve() throws TransportUnavailableException {
    return switch (this) {
      case AUTO -> firstAvailable(List.of(Transport.epoll(), Transport.nio()));
      case NIO -> required(Transport.nio());
      case EPOLL -> required(Transport.epoll());
      case IO_URING -> required(Transport.ioUring());
    };
  }

  static Transport firstAvailable(List<Transport> candidates) throws TransportUnavailableException {
    for (Transport candidate : candidates.subList(0, candidates.size() - 1)) {
      if (candidate.unavailable() == null) {
        return candidate;
      }
      LOG.warn(
          "transport {} is not available here, falling back: {}",
          candidate.name(),
          TransportUnavailableException.innermost(candidate.unavailable()));
    }
    return required(candidates.get(candidates.size() - 1));
  }

  static Transport required(Transport transport) throws TransportUnavailableException {
    if (transport.unavailable() != null) {
      throw new TransportUnavailableException(transport.name(), transport.unavailable());
    }
    return transport;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
