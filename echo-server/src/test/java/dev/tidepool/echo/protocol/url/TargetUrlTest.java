package dev.tidepool.echo.protocol.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetUrlTest {
  @ParameterizedTest
  @CsvSource({
    "http://h, http, h, 80, h, /",
    "https://h, https, h, 443, h, /",
    "ws://h/, ws, h, 80, h, /",
    "wss://h/chat, wss, h, 443, h, /chat",
    "HTTP://127.0.0.1:8080/echo, http, 127.0.0.1, 8080, 127.0.0.1:8080, /echo",
    "http://[::1]:81/, http, ::1, 81, [::1]:81, /",
    "http://[fe80::1%25eth0]/, http, fe80::1%25eth0, 80, [fe80::1%25eth0], /",
    "http://my_host:1/a/b?c=d&e#part, http, my_host, 1, my_host:1, /a/b?c=d&e",
    "http://h?q, http, h, 80, h, /?q",
    "http://h/%20%C3%A4, http, h, 80, h, /%20%C3%A4",
    "http://h/ä, http, h, 80, h, /%C3%A4",
  })
  void itsParts(String text, String scheme, String host, int port, String authority, String path) {
    assertThat(TargetUrl.parse(text)).isEqualTo(new TargetUrl(scheme, host, port, authority, path));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 'expected one such as http://host:8080/path'",
    "127.0.0.1:8080/, expected one such as",
    "host/path, expected one such as",
    "ftp://h/, 'with http, https, ws or wss'",
    "http:/path, expected one such as",
    "http:///path, expected one such as",
    "http:h, expected one such as",
    "http://u@h/, 'without a user'",
    "http://u:p@h/, 'without a user'",
    "http://:80/, 'host or host:port'",
    "http://h:x/, 'host or host:port'",
    "http://h:/, 'host or host:port'",
    "http://h:0/, 'a port from 1 to 65535'",
    "http://h:65536/, 'a port from 1 to 65535'",
    "http://h/a b, Illegal character in path",
    "http://h/%zz, Malformed escape pair",
  })
  void whatIsNoUrlIsRefusedInWords(String text, String expected) {
    assertThatThrownBy(() -> TargetUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "' is not a URL")
        .hasMessageContaining(expected);
  }

  @Test
  void whatItsSchemeSays() {
    assertThat(TargetUrl.parse("https://h").isTls()).isTrue();
    assertThat(TargetUrl.parse("wss://h").isTls()).isTrue();
    assertThat(TargetUrl.parse("ws://h").isTls()).isFalse();
    assertThat(TargetUrl.parse("ws://h").isWebSocket()).isTrue();
    assertThat(TargetUrl.parse("http://h").isWebSocket()).isFalse();
    assertThat(TargetUrl.parse("wss://h:1/a?b#c")).hasToString("wss://h:1/a?b");
  }
}
