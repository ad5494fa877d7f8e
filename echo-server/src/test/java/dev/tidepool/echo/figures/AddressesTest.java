package dev.tidepool.echo.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressesTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1:7007",
    "::1, [::1]:7007",
    "::, [::]:7007",
    "2001:db8:0:0:1:0:0:1, [2001:db8::1:0:0:1]:7007",
    "::ffff:192.0.2.1, 192.0.2.1:7007"
  })
  void formatsAddressesAsTheyAreTyped(String host, String text) throws Exception {
    assertThat(Addresses.text(Addresses.resolve(host, 7007))).isEqualTo(text);
  }

  @Test
  void keepsTheScopeOfAnAddress() throws Exception {
    byte[] linkLocal = InetAddress.getByName("fe80::1").getAddress();
    InetAddress scoped = Inet6Address.getByAddress("", linkLocal, 3);
    assertThat(Addresses.text(new InetSocketAddress(scoped, 1))).isEqualTo("[fe80::1%3]:1");
  }

  @Test
  void formatsAnUnresolvedAddressWithoutALookUp() {
    assertThat(Addresses.text(InetSocketAddress.createUnresolved("some.invalid", 1)))
        .contains("some.invalid");
  }

  @Test
  void reportsTheNameOfAHostThatIsNotFound() {
    assertThatThrownBy(() -> Addresses.resolve("no host", 1))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot find the host 'no host': ");
  }
}
