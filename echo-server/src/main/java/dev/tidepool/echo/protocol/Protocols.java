package dev.tidepool.echo.protocol;

import dev.tidepool.echo.protocol.http.HttpProtocol;
import dev.tidepool.echo.protocol.http.WebSocketProtocol;
import dev.tidepool.echo.protocol.http2.Http2Protocol;
import java.util.List;

/** The protocols that the command line offers. */
public final class Protocols {
  /** The name of the protocol that is spoken unless another is asked for. */
  public static final String DEFAULT = "framed";

  private static final List<Protocol> ALL =
      List.of(
          new FramedProtocol(),
          new RawProtocol(),
          new HttpProtocol(),
          new WebSocketProtocol(),
          new Http2Protocol());

  private Protocols() {}

  /** The protocol of the name {@link #DEFAULT}. */
  public static Protocol byDefault() {
    return ALL.get(0);
  }

  public static List<Protocol> all() {
    return ALL;
  }
}
