package dev.tidepool.allocator;

import io.netty.channel.Channel;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the automatic installation: which bootstraps' channels get arenas, and which of
 * these are left as they are.
 */
record AutoInstallSettings(Mode mode, List<String> exclude, List<Pattern> patterns) {
  static final String PROPERTY = SystemProperties.PREFIX + "autoinstall";
  static final String EXCLUDE = PROPERTY + ".exclude";

  private static final InternalLogger logger =
      InternalLoggerFactory.getInstance(AutoInstallSettings.class);

  /** The bootstraps whose channels get arenas. */
  enum Mode {
    SERVER(true, false, "the channels that servers accept"),
    CLIENT(false, true, "the channels that clients connect"),
    BOTH(true, true, "the channels that servers accept and clients connect"),
    OFF(false, false, "no channels");

    final boolean servers;
    final boolean clients;
    final String meaning;

    Mode(boolean servers, boolean clients, String meaning) {
      this.servers = servers;
      this.clients = clients;
      this.meaning = meaning;
    }
  }

  /** The settings in {@code properties}. A wrong value is logged, and nothing is installed. */
  static AutoInstallSettings of(UnaryOperator<@Nullable String> properties) {
    String exclude = properties.apply(EXCLUDE);
    List<String> globs =
        exclude == null
            ? List.of()
            : Arrays.stream(exclude.split(","))
                .map(String::trim)
                .filter(glob -> !glob.isEmpty())
                .toList();
    return new AutoInstallSettings(
        mode(properties.apply(PROPERTY)),
        globs,
        globs.stream().map(AutoInstallSettings::pattern).toList());
  }

  private static Mode mode(@Nullable String value) {
    if (value == null) {
      return Mode.SERVER;
    }
    for (Mode mode : Mode.values()) {
      if (mode.name().equals(value.trim().toUpperCase(Locale.ROOT))) {
        return mode;
      }
    }
    logger.warn(
        "{}: {} (expected: server, client, both or off); no arenas are installed", PROPERTY, value);
    return Mode.OFF;
  }

  private static Pattern pattern(String glob) {
    return Pattern.compile(
        Arrays.stream(glob.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
        Pattern.DOTALL);
  }

  /**
   * Whether {@code channel} is left as it is.
   *
   * @param server the address of the connection's server, null if it has none
   */
  boolean excludes(Channel channel, Supplier<@Nullable SocketAddress> server) {
    return channel.metadata().hasDisconnect() // connectionless
        || (!patterns.isEmpty() && isMatched(channel.getClass(), server.get()));
  }

  private boolean isMatched(Class<?> type, @Nullable SocketAddress server) {
    return isMatched(type.getName())
        || isMatched(type.getSimpleName())
        || (server != null && isMatched(server));
  }

  /** By the name of the host, if the address has one, or by its number. */
  private boolean isMatched(SocketAddress server) {
    if (!(server instanceof InetSocketAddress inet)) {
      return isMatched(server.toString());
    }
    return isMatched(inet.getHostString() + ':' + inet.getPort())
        || (!inet.isUnresolved()
            && isMatched(inet.getAddress().getHostAddress() + ':' + inet.getPort()));
  }

  private boolean isMatched(String text) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(text).matches());
  }

  @Override
  public String toString() {
    return "%s: %s, %s: %s"
        .formatted(
            PROPERTY,
            mode.name().toLowerCase(Locale.ROOT),
            EXCLUDE,
            exclude.isEmpty() ? "none" : String.join(",", exclude));
  }
}
