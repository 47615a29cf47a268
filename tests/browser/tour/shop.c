/* A made-up shop, whose samples tests/browser/tour/shop.mjs makes up. It is read, and never built. */
#include "shop.h"

static struct item items[60000];

int compare_names(const char *a, const char *b)
{
    return strcoll(fold_case(a), fold_case(b));
}

struct item *find_item(const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (compare_names(items[i].name, name) == 0)
            return &items[i];
    return NULL;
}

void render(struct page *page, const struct order *order)
{
    put(page, header);
    for (size_t i = 0; i < order->n; i++)
        put_escaped(page, order->lines[i].name);
    put(page, footer);
}

void handle(struct request *request)
{
    struct order *order = parse_order(request->body);
    for (size_t i = 0; i < order->n; i++)
        order->lines[i].item = find_item(order->lines[i].name);
    render(request->page, order);
    send_all(request->socket, request->page);
}
