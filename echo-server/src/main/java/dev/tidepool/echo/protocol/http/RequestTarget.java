package dev.tidepool.echo.protocol.http;

import java.util.Locale;
import java.util.regex.Pattern;

/** The resources of the server: which path they have and which methods they allow. */
enum RequestTarget {
  /** The page that says what this is. */
  PAGE("GET, HEAD, POST, OPTIONS"),
  /** Where a WebSocket begins. */
  WEB_SOCKET("GET, POST, OPTIONS"),
  /** The path that the load posts to. */
  ECHO("POST, OPTIONS"),
  /** Any other path, which exists for those who post to it. */
  OTHER("POST, OPTIONS");

  static final String ECHO_PATH = "/echo";
  static final String WEB_SOCKET_PATH = "/ws";

  private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://[^/?]*(.*)");

  private final String allowed;

  RequestTarget(String allowed) {
    this.allowed = allowed;
  }

  /** The value of the field {@code Allow}. */
  String allowed() {
    return allowed;
  }

  static boolean isAbsolute(String target) {
    String start = target.substring(0, Math.min(target.length(), 8)).toLowerCase(Locale.ROOT);
    return start.startsWith("http://") || start.startsWith("https://");
  }

  /** The resource of a request target, in whichever of its forms. */
  static RequestTarget of(String target) {
    String path = isAbsolute(target) ? ABSOLUTE.matcher(target).replaceFirst("$1") : target;
    int query = path.indexOf('?');
    return ofPath(query < 0 ? path : path.substring(0, query));
  }

  private static RequestTarget ofPath(String path) {
    return switch (path) {
      case "", "/", "*" -> PAGE;
      case WEB_SOCKET_PATH -> WEB_SOCKET;
      case ECHO_PATH -> ECHO;
      default -> OTHER;
    };
  }
}
