// The relay for Node.js. One relay for each environment; `join/native.ts` says what its functions take and give.

#include <node_api.h>

#include <memory>
#include <string>
#include <vector>

#include "relay.h"

namespace {

struct Instance {
  std::unique_ptr<relay::Relay> relay;
  napi_threadsafe_function tell = nullptr;
};

Instance* instance_of(napi_env env) {
  void* data = nullptr;
  napi_get_instance_data(env, &data);
  return static_cast<Instance*>(data);
}

template <size_t count>
void arguments(napi_env env, napi_callback_info info, napi_value (&values)[count]) {
  size_t given = count;
  napi_get_cb_info(env, info, &given, values, nullptr, nullptr);
}

napi_value number(napi_env env, double value) {
  napi_value result = nullptr;
  napi_create_double(env, value, &result);
  return result;
}

napi_value text(napi_env env, const std::string& bytes) {
  napi_value result = nullptr;
  napi_create_buffer_copy(env, bytes.size(), bytes.data(), nullptr, &result);
  return result;
}

/** Every number that JavaScript hands in is one that it was given here, or a descriptor. */
relay::Id id_of(napi_env env, napi_value value) {
  int64_t id = 0;
  napi_get_value_int64(env, value, &id);
  return static_cast<relay::Id>(id);
}

int descriptor_of(napi_env env, napi_value value) {
  int32_t descriptor = -1;
  napi_get_value_int32(env, value, &descriptor);
  return descriptor;
}

void set(napi_env env, napi_value object, const char* name, napi_value value) {
  napi_set_named_property(env, object, name, value);
}

napi_value start(napi_env env, napi_callback_info info) {
  napi_value values[1];
  arguments(env, info, values);
  Instance* const instance = instance_of(env);
  if (instance->relay != nullptr) {
    napi_throw_error(env, nullptr, "the relay is started already");
    return nullptr;
  }
  napi_value name = nullptr;
  napi_create_string_utf8(env, "relay", NAPI_AUTO_LENGTH, &name);
  if (napi_create_threadsafe_function(env, values[0], nullptr, name, 0, 1, nullptr, nullptr, nullptr, nullptr,
                                      &instance->tell) != napi_ok) {
    napi_throw_type_error(env, nullptr, "start takes a function");
    return nullptr;
  }
  napi_unref_threadsafe_function(env, instance->tell);
  try {
    instance->relay = std::make_unique<relay::Relay>(
        [tell = instance->tell] { napi_call_threadsafe_function(tell, nullptr, napi_tsfn_nonblocking); });
  } catch (const std::exception& error) {
    napi_throw_error(env, nullptr, error.what());
  }
  return nullptr;
}

napi_value take(napi_env env, napi_callback_info info) {
  napi_value values[3];
  arguments(env, info, values);
  const auto& relay = instance_of(env)->relay;
  const relay::Id id = relay == nullptr ? 0
                                        : relay->take(descriptor_of(env, values[0]), descriptor_of(env, values[1]),
                                                      id_of(env, values[2]));
  return number(env, static_cast<double>(id));
}

/** Writes them into a Float64Array of five. */
void tell(napi_env env, const relay::Counts& counts, napi_value array) {
  void* data = nullptr;
  size_t length = 0;
  napi_typedarray_type type{};
  if (napi_get_typedarray_info(env, array, &type, &length, &data, nullptr, nullptr) != napi_ok) return;
  if (type != napi_float64_array || length < 5) return;
  double* const into = static_cast<double*>(data);
  into[0] = static_cast<double>(counts.bytes_from_client);
  into[1] = static_cast<double>(counts.bytes_from_member);
  into[2] = static_cast<double>(counts.requests);
  into[3] = static_cast<double>(counts.still);
  into[4] = counts.quiet ? 1 : 0;
}

napi_value look(napi_env env, napi_callback_info info) {
  napi_value values[2];
  arguments(env, info, values);
  relay::Counts counts;
  const auto& relay = instance_of(env)->relay;
  if (relay != nullptr && relay->look(id_of(env, values[0]), counts)) tell(env, counts, values[1]);
  return nullptr;
}

napi_value returned(napi_env env, napi_callback_info) {
  napi_value ids = nullptr;
  napi_create_array(env, &ids);
  const auto& relay = instance_of(env)->relay;
  if (relay == nullptr) return ids;
  uint32_t at = 0;
  for (const relay::Id id : relay->returned()) napi_set_element(env, ids, at++, number(env, static_cast<double>(id)));
  return ids;
}

template <typename Way>
napi_value way_of(napi_env env, const Way& way) {
  napi_value object = nullptr;
  napi_create_object(env, &object);
  set(env, object, "left", number(env, way.left));
  set(env, object, "head", text(env, way.head));
  set(env, object, "unsent", text(env, way.unsent));
  set(env, object, "readError", number(env, way.read_error));
  set(env, object, "writeError", number(env, way.write_error));
  return object;
}

napi_value back(napi_env env, napi_callback_info info) {
  napi_value values[1];
  arguments(env, info, values);
  const auto& relay = instance_of(env)->relay;
  const auto given = relay == nullptr ? nullptr : relay->back(id_of(env, values[0]));
  napi_value object = nullptr;
  if (given == nullptr) {
    napi_get_null(env, &object);
    return object;
  }
  napi_create_object(env, &object);
  set(env, object, "client", number(env, given->client));
  set(env, object, "member", number(env, given->member));
  set(env, object, "bytesFromClient", number(env, static_cast<double>(given->counts.bytes_from_client)));
  set(env, object, "bytesFromMember", number(env, static_cast<double>(given->counts.bytes_from_member)));
  set(env, object, "count", number(env, static_cast<double>(given->counts.requests)));
  set(env, object, "awaited", number(env, given->awaited));
  napi_value unanswered = nullptr;
  if (given->has_unanswered) unanswered = text(env, given->unanswered);
  else napi_get_null(env, &unanswered);
  set(env, object, "unanswered", unanswered);
  set(env, object, "requests", way_of(env, given->requests));
  set(env, object, "replies", way_of(env, given->replies));
  return object;
}

napi_value close(napi_env env, napi_callback_info info) {
  napi_value values[2];
  arguments(env, info, values);
  relay::Counts counts;
  const auto& relay = instance_of(env)->relay;
  const bool was = relay != nullptr && relay->close(id_of(env, values[0]), counts);
  if (was) tell(env, counts, values[1]);
  napi_value closed = nullptr;
  napi_get_boolean(env, was, &closed);
  return closed;
}

void end(void* data) {
  Instance* const instance = static_cast<Instance*>(data);
  instance->relay.reset();  // its thread is over before what it calls is
  if (instance->tell != nullptr) napi_release_threadsafe_function(instance->tell, napi_tsfn_abort);
}

}  // namespace

NAPI_MODULE_INIT() {
  Instance* const instance = new Instance;
  napi_set_instance_data(env, instance, [](napi_env, void* data, void*) { delete static_cast<Instance*>(data); }, nullptr);
  napi_add_env_cleanup_hook(env, end, instance);
  const napi_property_descriptor functions[] = {
      {"start", nullptr, start, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"take", nullptr, take, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"look", nullptr, look, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"returned", nullptr, returned, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"back", nullptr, back, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"close", nullptr, close, nullptr, nullptr, nullptr, napi_default, nullptr},
  };
  napi_define_properties(env, exports, sizeof functions / sizeof *functions, functions);
  return exports;
}
