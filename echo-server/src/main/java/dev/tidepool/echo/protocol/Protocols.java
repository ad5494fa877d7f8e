package dev.tidepool.echo.protocol;

import dev.tidepool.echo.protocol.http.HttpProtocol;
import dev.tidepool.echo.protocol.http.WebSocketProtocol;
import java.util.List;

/** The protocols that the command line offers. */
public final class Protocols {
  /** The name of the protocol that is spoken unless another is asked for. */
  public static final String DEFAULT = "framed";

  private static final List<Protocol> ALL =
      List.of(new FramedProtocol(), new RawProtocol(), new HttpProtocol(), new WebSocketProtocol());

  private Protocols() {}

  public static List<Protocol> all() {
    return ALL;
  }
}
