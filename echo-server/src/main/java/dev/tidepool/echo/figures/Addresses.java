package dev.tidepool.echo.figures;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Writes socket addresses as people type them. */
public final class Addresses {
  private Addresses() {}

  /** The numeric host and the port; never looks a name up. */
  public static String text(SocketAddress address) {
    if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
      return inet.getAddress().getHostAddress() + ":" + inet.getPort();
    }
    return String.valueOf(address);
  }
}
