package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which channels the automatic installation leaves as they are, by its settings. */
class AutoInstallSettingsTest {
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.FULL);
  @RegisterExtension private final CapturedLog log = new CapturedLog();

  static AutoInstallSettings settings(Map<String, String> properties) {
    return AutoInstallSettings.of(properties::get);
  }

  static AutoInstallSettings excluding(String patterns) {
    return settings(Map.of("dev.tidepool.autoinstall.exclude", patterns));
  }

  private static boolean excludes(String patterns, Channel channel, SocketAddress server) {
    return excluding(patterns).excludes(channel, () -> server);
  }

  @Test
  void patternsMatchClassesAndAddresses() {
    Channel nio = new NioSocketChannel();
    SocketAddress web = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);
    assertThat(excludes("NioSocketChannel", nio, web)).isTrue();
    assertThat(excludes("io.netty.channel.socket.nio.*", nio, web)).isTrue();
    assertThat(excludes("*:8080", nio, web)).isTrue();
    assertThat(excludes("127.0.0.1:*", nio, web)).isTrue();
    assertThat(excludes(" , Other ,*:80*", nio, web)).isTrue();
    assertThat(excludes("*:80", nio, web)).isFalse();
    assertThat(excludes("Nio", nio, web)).isFalse();
    assertThat(excludes("127.0.0.1", nio, web)).isFalse();
    assertThat(excludes("127x0.0.1:*", nio, web)).isFalse();
    assertThat(excludes("*:8080", nio, null)).isFalse();
    assertThat(excludes("", nio, web)).isFalse();
    assertThat(excludes("*.sock", nio, new DomainSocketAddress("/run/app.sock"))).isTrue();
    assertThat(excludes("local:app", new LocalChannel(), new LocalAddress("app"))).isTrue();
    assertThat(excludes("db.example:*", nio, InetSocketAddress.createUnresolved("db.example", 1)))
        .isTrue();
    nio.unsafe().closeForcibly();
  }

  @Test
  void connectionlessChannelsAreLeftAsTheyAre() {
    Channel datagrams = new NioDatagramChannel();
    assertThat(excludes("", datagrams, null)).isTrue();
    AutoInstall install =
        new AutoInstall(settings(Map.of("dev.tidepool.autoinstall", "both")), guard::allocator);
    install.connect(datagrams);
    assertThat(datagrams.pipeline().names()).hasSize(1); // the tail
    datagrams.unsafe().closeForcibly();
  }

  @Test
  void aWrongModeInstallsNothingAndSaysSo() {
    Channel listening = new NioServerSocketChannel();
    AutoInstallSettings wrong = settings(Map.of("dev.tidepool.autoinstall", "sever"));
    new AutoInstall(wrong, guard::allocator).listen((ServerChannel) listening);
    assertThat(listening.pipeline().names()).hasSize(1);
    assertThat(log.lines("dev.tidepool.autoinstall: sever (expected: server, client, both or off)"))
        .hasSize(1);
    assertThat(settings(Map.of("dev.tidepool.autoinstall", " Both ")).mode())
        .isEqualTo(AutoInstallSettings.Mode.BOTH);
    listening.unsafe().closeForcibly();
  }
}
